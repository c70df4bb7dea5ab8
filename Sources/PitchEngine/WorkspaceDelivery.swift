import PitchDelivery
import PitchProgram
import PitchSchema
import PitchStore

/// What is put back into the queue before a delivery, because someone says so.
package struct DeliveryRecovery: Sendable {
    /// Dead letters are tried again, as if they were new.
    package var retriesFailed = false
    /// Messages of which nobody knows are sent again, and may arrive twice. The number is how many
    /// there are, so that nobody resends what they have not looked at.
    package var resendsUnknown: Int?

    package init(retriesFailed: Bool = false, resendsUnknown: Int? = nil) {
        self.retriesFailed = retriesFailed
        self.resendsUnknown = resendsUnknown
    }
}

/// Handing over what waits in the outbox.
extension Workspace {
    /// Drains the outbox, and decides nothing.
    package func deliver(
        _ recovery: DeliveryRecovery = DeliveryRecovery()
    ) throws(WorkspaceError) -> DeliveryReport {
        try attempt {
            let program = try self.checkedProgram()
            let moment = try self.moment()
            let webhooks = try self.webhooks(of: program)
            let path = self.storePath(of: program)
            let store = try Store(path: path, access: .draining)
            defer { store.close() }
            let lease = try RunLease(store: path, for: .delivery)
            defer { lease.release() }
            let ledger = Ledger(store)
            try self.refuseTimeTravel(ledger, at: moment)
            let clock = DeliveryClock(start: moment.now, wall: self.clock)
            try self.putBack(recovery, ledger, clock)
            return try self.drain(ledger, webhooks, clock)
        }
    }

    /// Hands over what earlier runs left in the outbox, where there is nothing to run.
    package func deliverWithoutRun() throws(WorkspaceError) -> DeliveryReport {
        try attempt {
            let program = try self.checkedProgram()
            let moment = try self.moment()
            let webhooks = try self.webhooks(of: program)
            let store: Store
            do {
                store = try Store(path: self.storePath(of: program), access: .draining)
            } catch let error as StoreError where error.kind == .missing {
                // Nothing ever ran.
                return DeliveryReport()
            }
            defer { store.close() }
            let ledger = Ledger(store)
            try self.refuseTimeTravel(ledger, at: moment)
            return self.deliverAfterRun(ledger, webhooks, moment)
        }
    }

    /// The last part of a run: what fails here stays in the outbox for the next one.
    func deliverAfterRun(
        _ ledger: Ledger, _ webhooks: [WebhookChannel], _ moment: Moment
    ) -> DeliveryReport {
        do {
            let lease = try RunLease(store: ledger.storePath, for: .delivery)
            defer { lease.release() }
            return try drain(
                ledger, webhooks, DeliveryClock(start: moment.now, wall: clock))
        } catch let error as StoreError where error.kind == .busy {
            return DeliveryReport(isElsewhere: true)
        } catch {
            return DeliveryReport(undelivered: [WorkspaceError(from: error).message])
        }
    }

    private func drain(
        _ ledger: Ledger, _ webhooks: [WebhookChannel], _ clock: DeliveryClock
    ) throws -> DeliveryReport {
        var report = DeliveryReport()
        deliveryBegins()
        let idempotent = Set(webhooks.filter(\.isIdempotent).map(\.name))
        for record in try ledger.takeUpLeases(idempotent: idempotent, at: clock.now) {
            let reasons = [record.note ?? "": record.retried + record.unknown]
            report.add(ChannelDelivery(record, reasons: reasons, note: nil))
        }
        deliverFiles(ledger, clock, into: &report)
        if !webhooks.isEmpty {
            let start = clock.now
            let drain = try Drain(
                StoredOutbox(ledger), channels: webhooks, clock: clock, isCancelled: isCancelled)
            let tallies = try drain.run()
            try record(tallies, from: start, clock, in: ledger, into: &report)
        }
        try leave(ledger, webhooks, into: &report)
        return report
    }

    /// A channel that fails keeps its messages in the outbox for the next run.
    private func deliverFiles(
        _ ledger: Ledger, _ clock: DeliveryClock, into report: inout DeliveryReport
    ) {
        let channel = FileChannel(folder: folder)
        do {
            for file in try ledger.waitingFiles() where !isCancelled() {
                do {
                    let message = MessageFile(
                        run: file.run, channel: file.channel, folder: file.folder,
                        isTable: file.form == .csv)
                    report.files.append(
                        try channel.deliver(message) { try ledger.forEachLine(of: file, $0) })
                    try ledger.markDelivered(file, at: clock.now)
                } catch {
                    report.undelivered.append(WorkspaceError(from: error).message)
                }
            }
        } catch {
            report.undelivered.append(WorkspaceError(from: error).message)
        }
    }

    private func record(
        _ tallies: [String: ChannelTally], from start: Int64, _ clock: DeliveryClock,
        in ledger: Ledger, into report: inout DeliveryReport
    ) throws {
        let milliseconds = max(0, clock.now - start)
        for (name, tally) in tallies.sorted(by: { $0.key < $1.key }) where tally.isWorthTelling {
            let record = DeliveryRecord(
                at: start, channel: name, action: .handedOver, milliseconds: milliseconds,
                delivered: tally.delivered, retried: tally.retried, failed: tally.failed,
                unknown: tally.unknown, note: tally.note)
            report.add(ChannelDelivery(record, reasons: tally.reasons, note: tally.note))
            try ledger.record(record)
        }
    }

    /// What is left in the queue, in words.
    private func leave(
        _ ledger: Ledger, _ webhooks: [WebhookChannel], into report: inout DeliveryReport
    ) throws {
        let known = Set(webhooks.map(\.name))
        for counts in try ledger.outboxCounts() where counts.queued > 0 {
            guard try ledger.nextDue(of: counts.channel) != nil else { continue }
            report.waiting[counts.channel] = counts.queued
            if !known.contains(counts.channel) {
                report.undelivered.append(
                    "the script has no webhook '\(counts.channel)' any more, "
                        + "and its messages wait for one")
            }
        }
    }

    private func putBack(
        _ recovery: DeliveryRecovery, _ ledger: Ledger, _ clock: DeliveryClock
    ) throws {
        if let expected = recovery.resendsUnknown {
            let found = try ledger.outboxCounts().reduce(0) { $0 + $1.unknown }
            guard found == expected else {
                throw WorkspaceError(
                    .usage,
                    "\(expected) unknown messages were to be sent again, and there are \(found); "
                        + "'pitch status' shows them")
            }
            _ = try ledger.putBack(.unknown, at: clock.now)
        }
        if recovery.retriesFailed { _ = try ledger.putBack(.failed, at: clock.now) }
    }
}

extension Workspace {
    /// The channels that post, with their secrets from the environment.
    /// - Throws: `WorkspaceError` of kind `world` when one is missing; no value is quoted.
    func webhooks(of program: Program) throws(WorkspaceError) -> [WebhookChannel] {
        var webhooks: [WebhookChannel] = []
        for channel in program.channels {
            guard case .webhook(let webhook) = channel.transport else { continue }
            webhooks.append(
                WebhookChannel(
                    name: channel.name, address: try address(of: webhook, channel.name),
                    key: try webhook.keyVariable.map { variable throws(WorkspaceError) in
                        Array(try value(of: variable, channel.name).utf8)
                    },
                    rate: webhook.rate.map { ($0.count, $0.milliseconds) },
                    answerMilliseconds: webhook.answerMilliseconds, retries: webhook.retries,
                    retryMilliseconds: webhook.retryMilliseconds,
                    isIdempotent: webhook.isIdempotent))
        }
        return webhooks
    }

    private func address(
        of webhook: Webhook, _ channel: String
    ) throws(WorkspaceError) -> String {
        switch webhook.address {
        case .url(let url): return url
        case .variable(let variable):
            let url = try value(of: variable, channel)
            guard let fault = WebAddress.fault(of: url) else { return url }
            throw WorkspaceError(
                .world,
                "channel '\(channel)' has no usable address in the environment variable "
                    + "'\(variable)': \(fault)")
        }
    }

    private func value(
        of variable: String, _ channel: String
    ) throws(WorkspaceError) -> String {
        guard let value = environment(variable), !value.isEmpty else {
            throw WorkspaceError(
                .world,
                "channel '\(channel)' needs the environment variable '\(variable)', which is not "
                    + "set; its messages wait in the outbox")
        }
        return value
    }
}

extension ChannelTally {
    fileprivate var isWorthTelling: Bool {
        delivered + retried + failed + unknown > 0 || note != nil
    }
}
