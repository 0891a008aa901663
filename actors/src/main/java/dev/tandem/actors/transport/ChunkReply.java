package dev.tandem.actors.transport;

/** What a {@link PieceSource} answers. */
public sealed interface ChunkReply extends PieceFetcher.Command permits Chunk, NoSuchPiece {

    /** SHA-256 of the piece that was asked for. */
    String sha();
}
