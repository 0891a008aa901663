package dev.tandem.actors.transport;

import java.io.NotSerializableException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Writes a {@link Chunk} as it is.
 *
 * <p>Manifest {@code c1}, little-endian:
 *
 * <pre>
 *   0  u8[32]  SHA-256 of the piece
 *  32  i64     offset of the bytes in the piece
 *  40  i64     bytes of the whole piece
 *  48          bytes, to the end
 * </pre>
 *
 * Threading: stateless.
 */
public final class ChunkSerializer extends SerializerWithStringManifest implements ByteBufferSerializer {

    private static final int IDENTIFIER = 7302;
    private static final String MANIFEST = "c1";
    private static final int SHA_BYTES = 32;
    private static final int HEADER_BYTES = SHA_BYTES + 2 * Long.BYTES;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        chunk(message);
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object message) {
        ByteBuffer target = ByteBuffer.allocate(HEADER_BYTES + chunk(message).bytes().length);
        toBinary(message, target);
        return target.array();
    }

    @Override
    public void toBinary(Object message, ByteBuffer target) {
        Chunk chunk = chunk(message);
        ByteOrder order = target.order();
        target.order(ByteOrder.LITTLE_ENDIAN);
        try {
            target.put(HexFormat.of().parseHex(chunk.sha()));
            target.putLong(chunk.offset()).putLong(chunk.total());
            target.put(chunk.bytes());
        } finally {
            target.order(order);
        }
    }

    @Override
    public Object fromBinary(byte[] array, String manifest) throws NotSerializableException {
        return fromBinary(ByteBuffer.wrap(array), manifest);
    }

    @Override
    public Object fromBinary(ByteBuffer source, String manifest) throws NotSerializableException {
        if (!manifest.equals(MANIFEST)) {
            throw new NotSerializableException("manifest '" + manifest + "' of a chunk must be '" + MANIFEST
                    + "'. Maybe a node of another version sent it.");
        }
        ByteOrder order = source.order();
        source.order(ByteOrder.LITTLE_ENDIAN);
        try {
            return read(source);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            NotSerializableException failure = new NotSerializableException("chunk is malformed: " + e);
            failure.initCause(e);
            throw failure;
        } finally {
            source.order(order);
        }
    }

    private static Chunk read(ByteBuffer source) {
        byte[] sha = new byte[SHA_BYTES];
        source.get(sha);
        long offset = source.getLong();
        long total = source.getLong();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        return new Chunk(HexFormat.of().formatHex(sha), offset, bytes, total);
    }

    private static Chunk chunk(Object message) {
        if (message instanceof Chunk chunk) {
            return chunk;
        }
        throw new IllegalArgumentException(
                "message of " + message.getClass() + " must be a Chunk. Maybe the serializer binding is wrong.");
    }
}
