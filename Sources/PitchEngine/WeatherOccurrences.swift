import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// The weather that the `when` lines of one strategy have not seen: the first observation of a
/// place and local day that a line matches happens to every member who lives there.
struct WeatherOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    /// What the strategy has seen, by data set.
    let seen: [String: LedgerFeed]
    /// Where a data set begins that the strategy has not seen.
    let origin: Int64
    /// Only this member's weather; nil: everyone's.
    let member: Int?

    /// One `when` line that watches the weather.
    private struct Line {
        let index: Int
        let dataSet: DataSetID
        /// The members' field that names the place.
        let place: Int
        let filter: Expression?
    }

    private struct Observation {
        let dataSet: DataSetID
        let place: String
        let day: Int32
        let at: Int64
        let row: EventRecord
        let isTooLate: Bool
        let isLookedBack: Bool

        var feedDay: LedgerFeedDay {
            LedgerFeedDay(feed: WeatherOccurrences.feed(of: place), day: day)
        }
    }

    /// The observation that sets the strategy off at a place on a day.
    private struct Sight {
        let observation: Observation
        /// Those that match; when none does, the one whose filter fails.
        let lines: [Line]
        let fails: Bool
    }

    static func feed(of place: String) -> String { "weather in " + place }

    /// - Parameter judged: those of some places and days that had their occurrence before. A later
    ///   observation is none, not even for who came to the place meanwhile.
    func find(
        into sighting: inout Sighting,
        judged: (Set<LedgerFeedDay>) throws -> Set<LedgerFeedDay>
    ) throws {
        let lines = strategy.triggers.enumerated().compactMap { index, trigger -> Line? in
            guard case .weather(let dataSet, let place) = trigger.source else { return nil }
            return Line(index: index, dataSet: dataSet, place: place, filter: trigger.filter)
        }
        let observations = try read(lines, into: &sighting)
        if observations.isEmpty { return }
        let residents = try Residents(
            of: Set(observations.map(\.place)), by: Set(lines.map(\.place)), base, member)
        sighting.emptyPlaces = residents.emptyPlaces
        sighting.inhabitedPlaces = residents.inhabitedPlaces
        let done = try judged(Set(observations.map(\.feedDay)))
        for sight in sights(observations, lines, judged: done) {
            let observation = sight.observation
            sighting.judgedDays.append(
                LedgerDay(
                    feed: observation.feedDay.feed, day: observation.day, at: observation.at))
            let cohorts = cohorts(sight, residents)
            sighting.cohorts += cohorts
            if observation.isLookedBack, !observation.isTooLate {
                sighting.lookedBack += cohorts.reduce(0) { $0 + $1.members.count }
            }
        }
    }

    /// The new observations of all data sets, by `at`, then data set, then key.
    private func read(_ lines: [Line], into sighting: inout Sighting) throws -> [Observation] {
        let reading = FeedReading(
            strategy: strategy, base: base, seen: seen, origin: origin, member: nil)
        var dataSets: [DataSetID] = []
        for line in lines where !dataSets.contains(line.dataSet) { dataSets.append(line.dataSet) }
        var observations: [Observation] = []
        for dataSet in dataSets {
            let news = try reading.news(of: dataSet)
            sighting.feeds.append(news.feed)
            observations += news.events.compactMap { observation($0, dataSet, news, reading) }
        }
        if dataSets.count < 2 { return observations }
        return observations.enumerated().sorted {
            ($0.element.at, $0.element.dataSet.index, $0.offset)
                < ($1.element.at, $1.element.dataSet.index, $1.offset)
        }.map(\.element)
    }

    private func observation(
        _ event: StoredEvent, _ dataSet: DataSetID, _ news: FeedReading.News,
        _ reading: FeedReading
    ) -> Observation? {
        let declared = base.program.dataSets[dataSet.index]
        guard let field = declared.place, case .text(let place) = event.values[field] else {
            return nil
        }
        let zone = base.moment.zone
        let day = declared.isDated ? Int32(clamping: event.at) : zone.day(of: event.at)
        let at = declared.isDated ? zone.instant(day: day) : event.at
        let fresh = strategy.freshFor(.weather(dataSet, place: field))
        return Observation(
            dataSet: dataSet, place: place, day: day, at: at,
            row: EventRecord(row: event.row, values: event.values),
            isTooLate: reading.isTooLate(
                event.at, isDated: declared.isDated, start: news.start, fresh: fresh),
            isLookedBack: strategy.lookBack != nil && at <= news.startedAt)
    }

    /// The first observation of each place and day that a line matches, unless it had one before.
    private func sights(
        _ observations: [Observation], _ lines: [Line], judged: Set<LedgerFeedDay>
    ) -> [Sight] {
        var done = judged
        return observations.compactMap { observation in
            guard !done.contains(observation.feedDay) else { return nil }
            let answers = lines.filter { $0.dataSet == observation.dataSet }
                .map { (line: $0, holds: holds($0.filter, observation.row)) }
            let matching = answers.filter { $0.holds == true }.map(\.line)
            let failing = answers.first { $0.holds == nil }.map { [$0.line] } ?? []
            guard !matching.isEmpty || !failing.isEmpty else { return nil }
            done.insert(observation.feedDay)
            return Sight(
                observation: observation, lines: matching.isEmpty ? failing : matching,
                fails: matching.isEmpty)
        }
    }

    /// Whether a filter is true for an observation; nil: it fails.
    private func holds(_ filter: Expression?, _ row: EventRecord) -> Bool? {
        guard let filter else { return true }
        let nobody = MemberRecord(key: "", values: [])
        do throws(EvaluationError) {
            return try base.evaluator.evaluate(filter, for: nobody, event: row) == .truth(true)
        } catch {
            return nil
        }
    }

    /// The members who live at the place, by the lines through whose field they do.
    private func cohorts(_ sight: Sight, _ residents: Residents) -> [Cohort] {
        let observation = sight.observation
        return residents.groups(
            of: observation.place, by: sight.lines.map { ($0.place, $0.index) }
        ).map { lines, members in
            Cohort(
                feed: observation.feedDay.feed, day: observation.day, at: observation.at,
                lines: lines,
                settled: observation.isTooLate ? .tooLate : sight.fails ? .failed : nil,
                members: members, rows: [observation.row], dataSet: observation.dataSet)
        }
    }
}
