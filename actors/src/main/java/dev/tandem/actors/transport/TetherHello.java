package dev.tandem.actors.transport;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first message on a tether, from both ends.
 *
 * <p>Payload, big-endian; a text is its length in bytes (u16) and UTF-8:
 *
 * <pre>
 *   0  u32   magic "TNDT"
 *   4  u8    format version, 1
 *   5  i64   incarnation, another one each time a node starts
 *  13  text  cluster name
 *      text  version of the software
 *      text  node id
 * </pre>
 */
record TetherHello(long incarnation, String cluster, String version, String node) {

    static final int MAX_BYTES = 1024;

    private static final int MAGIC = 0x544E4454;
    private static final byte FORMAT_VERSION = 1;
    private static final int MAX_TEXT_BYTES = 255;

    TetherHello {
        checkLength("cluster name", cluster);
        checkLength("version", version);
        checkLength("node id", node);
    }

    byte[] encode() {
        ByteBuffer target = ByteBuffer.allocate(MAX_BYTES);
        target.putInt(MAGIC).put(FORMAT_VERSION).putLong(incarnation);
        for (String text : new String[] {cluster, version, node}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            target.putShort((short) bytes.length).put(bytes);
        }
        byte[] encoded = new byte[target.flip().remaining()];
        target.get(encoded);
        return encoded;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static TetherHello decode(ByteBuffer source) {
        try {
            int magic = source.getInt();
            byte version = source.get();
            if (magic != MAGIC || version != FORMAT_VERSION) {
                throw new IllegalArgumentException("greeting (magic " + Integer.toHexString(magic) + ", version "
                        + version + ") must have magic " + Integer.toHexString(MAGIC) + " and version "
                        + FORMAT_VERSION);
            }
            return new TetherHello(source.getLong(), text(source), text(source), text(source));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("greeting is cut short", e);
        }
    }

    private static String text(ByteBuffer source) {
        int length = Short.toUnsignedInt(source.getShort());
        if (length > source.remaining()) {
            throw new IllegalArgumentException("greeting is cut short");
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void checkLength(String what, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(what + " of " + length + " bytes must have at most " + MAX_TEXT_BYTES);
        }
    }
}
