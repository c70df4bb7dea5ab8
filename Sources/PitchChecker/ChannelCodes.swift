import PitchSource

// Faults in channels. Sorted by code.
extension DiagnosticCode {
    static let channelCodes: [DiagnosticCode] = [
        channelTransport, webhookAddress, webhookClause, variableName,
    ]

    static let channelTransport = DiagnosticCode(
        "P503", "a channel that leads nowhere",
        explanation: """
            A channel writes to a file in a folder or posts to a webhook: one of the two.
            """,
        example: """
            channel sms {
                to city
            }
            """,
        repair: """
            channel sms {
                to city
                file "outbox"
            }
            """)

    static let webhookAddress = DiagnosticCode(
        "P520", "a webhook without a usable address",
        explanation: """
            A webhook's address begins with https:// or http:// and names a host. A name or \
            password does not stand in a script: an address that holds one comes from an \
            environment variable.
            """,
        example: """
            channel sms {
                to city
                webhook "shop.example/sms"
            }
            """,
        repair: """
            channel sms {
                to city
                webhook "https://shop.example/sms"
            }
            """)

    static let webhookClause = DiagnosticCode(
        "P521", "a clause of webhooks on a file",
        explanation: """
            'key', 'rate', 'answer within', 'retry' and 'idempotent' say how messages are posted. \
            A channel that writes files does not post.
            """,
        example: """
            channel sms {
                to city
                file "outbox"
                rate 30 per second
            }
            """,
        repair: """
            channel sms {
                to city
                webhook "https://shop.example/sms"
                rate 30 per second
            }
            """)

    static let variableName = DiagnosticCode(
        "P522", "no name of an environment variable",
        explanation: """
            'env' is followed by the name of an environment variable: letters, figures and '_', \
            the first no figure. The secret itself never stands in a script.
            """,
        example: """
            channel sms {
                to city
                webhook "https://shop.example/sms"
                key env "sms key"
            }
            """,
        repair: """
            channel sms {
                to city
                webhook "https://shop.example/sms"
                key env "SMS_KEY"
            }
            """)
}
