import PitchSource
import PitchSyntax
enum MessagePiece { case text(String), hole(SyntaxNode, Token?) }
func messagePieces(of token: Token, in file: SourceFile) -> ([MessagePiece], [Diagnostic]) { ([], []) }
