import PitchSource

// Faults in messages. Sorted by code.
extension DiagnosticCode {
    static let messageCodes: [DiagnosticCode] = [messageText, badHole, optionalHole, textOverLimit]

    static let messageText = DiagnosticCode(
        "P504", "a message lacks a text",
        explanation: """
            A message has a text for each channel through which a strategy says it.
            """,
        example: """
            channel sms { to city, file "outbox" }
            channel mail { to city, file "mail" }
            message hi {
                class marketing
                sms "Hello"
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
                    say hi via mail
                    no limit
                }
            }
            """,
        repair: """
            channel sms { to city, file "outbox" }
            channel mail { to city, file "mail" }
            message hi {
                class marketing
                sms "Hello"
                mail "Hello"
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
                    say hi via mail
                    no limit
                }
            }
            """)

    static let badHole = DiagnosticCode(
        "P505", "a hole that cannot be filled",
        explanation: """
            A hole in a text holds a value of the member, bundle.title, offer.title, code or \
            expires; a pattern after as goes with expires. Those four are about what is given: a \
            strategy without give says a message without them.
            """,
        example: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Since {joined as 'd MMMM'}"
            }
            """,
        repair: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Until {expires as 'd MMMM'}"
            }
            """)

    static let optionalHole = DiagnosticCode(
        "P506", "a hole that may stay blank",
        explanation: """
            A text is never sent with a blank in it. Say what stands there for members whose \
            value is missing.
            """,
        example: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Hello {phone}"
            }
            """,
        repair: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Hello {phone or else 'you'}"
            }
            """)

    static let textOverLimit = DiagnosticCode(
        "P554", "a text that its channel does not take",
        explanation: """
            A text is never cut: a member whose text passes the channel's limit gets the outcome \
            'text too long'. Here what stands outside the holes passes it already. 'length' counts \
            characters; 'parts' counts those of a text message: 160 characters of the GSM alphabet, \
            or 70 others, in one; 153 or 67 in each of several; ^ { } \\ [ ~ ] | and € count twice.
            """,
        example: """
            channel sms { to city, file "outbox", length at most 10 }
            message hi {
                class marketing
                sms "Hello, {city}, how are you?"
            }
            """,
        repair: """
            channel sms { to city, file "outbox", length at most 30 }
            message hi {
                class marketing
                sms "Hello, {city}!"
            }
            """)
}
