import CUtf8proc

/// Normal form and display width of text, by utf8proc.
package enum UnicodeText {
    /// Unicode Normalization Form C.
    package static func nfc(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        return text.withCString { start in
            guard let composed = utf8proc_NFC(start) else { return text }
            // utf8proc allocates with malloc and hands the buffer over.
            defer { free(composed) }
            return String(cString: composed)
        }
    }

    /// Columns that a text takes on a terminal; combining marks take none, Chinese characters two.
    package static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + max(0, Int(utf8proc_charwidth(Int32($1.value)))) }
    }
}
