import Foundation

extension DemoShop {
    /// Writes the project into a folder that does not exist yet or is empty.
    /// - Returns: how many orders were generated.
    func write(to folder: String, progress: (Int) -> Void) throws(CommandFailure) -> Int {
        let manager = FileManager.default
        if let entries = try? manager.contentsOfDirectory(atPath: folder), !entries.isEmpty {
            throw CommandFailure(.world, "'\(folder)' is not empty")
        }
        var isFolder: ObjCBool = true
        if manager.fileExists(atPath: folder, isDirectory: &isFolder), !isFolder.boolValue {
            throw CommandFailure(.world, "'\(folder)' is not a folder")
        }
        do {
            try manager.createDirectory(
                atPath: folder + "/data", withIntermediateDirectories: true)
            for file in files {
                try Data(file.text.utf8).write(to: URL(filePath: folder + "/" + file.path))
            }
            try manager.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: folder + "/test.sh")
            return try writeRows(to: folder, progress: progress)
        } catch {
            throw CommandFailure(
                .world, "cannot write the project to '\(folder)': \(worldReason(error))")
        }
    }

    private func writeRows(to folder: String, progress: (Int) -> Void) throws -> Int {
        var members = Array(DemoRows.membersHeader.utf8)
        var orders = Array(DemoRows.ordersHeader.utf8)
        let memberFile = try Self.create(folder + "/" + Self.membersPath)
        let orderFile = try Self.create(folder + "/" + Self.ordersPath)
        let rows = DemoRows(shop: self)
        var orderCount = 0
        for number in 1...max(1, memberCount) {
            orderCount += rows.append(
                member: number, firstOrder: orderCount + 1, to: &members, orders: &orders)
            if orders.count > 1 << 20 {
                try memberFile.write(contentsOf: members)
                try orderFile.write(contentsOf: orders)
                members.removeAll(keepingCapacity: true)
                orders.removeAll(keepingCapacity: true)
                progress(number)
            }
        }
        try memberFile.write(contentsOf: members)
        try orderFile.write(contentsOf: orders)
        try memberFile.close()
        try orderFile.close()
        return orderCount
    }

    private static func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        return try FileHandle(forWritingTo: URL(filePath: path))
    }
}
