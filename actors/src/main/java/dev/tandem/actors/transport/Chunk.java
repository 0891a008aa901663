package dev.tandem.actors.transport;

/**
 * Bytes of a weight piece.
 *
 * @param offset of the bytes in the piece
 * @param bytes owned by the message
 * @param total bytes of the whole piece
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, as every message is
public record Chunk(String sha, long offset, byte[] bytes, long total) implements ChunkReply {

    public Chunk {
        PieceRef.checkSha(sha);
        if (offset < 0 || total < 0 || offset > total - bytes.length) {
            throw new IllegalArgumentException("chunk [" + offset + ", " + (offset + bytes.length) + ") must lie within"
                    + " the " + total + " bytes of its piece");
        }
    }
}
