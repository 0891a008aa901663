package dev.tandem.actors.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection of {@link Tethers}. Only their thread touches it.
 *
 * <p>Each message is a kind (u8), the length of its payload (u16, big-endian) and the payload:
 *
 * <pre>
 *   1  hello    {@link TetherHello}: the dialling end first, then the other
 *   2  beat     empty
 *   3  bye      empty: the sender lets go on purpose
 *   4  refused  why, in UTF-8, instead of a hello
 * </pre>
 */
final class Tether {

    static final byte HELLO = 1;
    static final byte BEAT = 2;
    static final byte BYE = 3;
    static final byte REFUSED = 4;

    private static final int HEADER_BYTES = 3;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final boolean dialled;
    private final ByteBuffer received = ByteBuffer.allocate(HEADER_BYTES + TetherHello.MAX_BYTES);
    private State state;
    private @Nullable String peer;
    private long incarnation;
    private long lastHeardNanos;

    enum State {
        DIALLING,
        GREETING,
        HELD,
        LEAVING
    }

    /** A message that has arrived. */
    record Message(byte kind, ByteBuffer payload) {

        String text() {
            return StandardCharsets.UTF_8.decode(payload).toString();
        }
    }

    /**
     * @param peer the node that is dialled; null when it has dialled and is not known yet
     */
    Tether(SocketChannel channel, SelectionKey key, @Nullable String peer, long nowNanos) {
        this.channel = channel;
        this.key = key;
        this.peer = peer;
        this.dialled = peer != null;
        this.state = dialled ? State.DIALLING : State.GREETING;
        this.lastHeardNanos = nowNanos;
    }

    boolean isDialled() {
        return dialled;
    }

    State state() {
        return state;
    }

    /** The node at the other end, once it is known. */
    @Nullable String peer() {
        return peer;
    }

    boolean isTo(String node) {
        return node.equals(peer);
    }

    long incarnation() {
        return incarnation;
    }

    long silentNanos(long nowNanos) {
        return nowNanos - lastHeardNanos;
    }

    /** Leaves a time in which nobody listened at this end out of the silence, which is never less than none. */
    void forgive(long nanos, long nowNanos) {
        lastHeardNanos = nowNanos - Math.max(0, silentNanos(nowNanos) - nanos);
    }

    /** Completes the dialling, and greets. */
    void connected(TetherHello hello) throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        state = State.GREETING;
        send(HELLO, hello.encode());
    }

    void held(TetherHello hello) {
        peer = hello.node();
        incarnation = hello.incarnation();
        state = State.HELD;
    }

    /** Reads what has come; false at the end of the stream. */
    boolean read(long nowNanos) throws IOException {
        int count = channel.read(received);
        if (count > 0) {
            lastHeardNanos = nowNanos;
        }
        return count >= 0;
    }

    /**
     * The next whole message that was read, if any.
     *
     * @throws IllegalArgumentException when it is longer than any may be
     */
    @Nullable Message next() {
        received.flip();
        try {
            if (received.remaining() < HEADER_BYTES) {
                return null;
            }
            int length = Short.toUnsignedInt(received.getShort(received.position() + 1));
            if (length > TetherHello.MAX_BYTES) {
                throw new IllegalArgumentException(
                        "message of " + length + " bytes must have at most " + TetherHello.MAX_BYTES);
            }
            if (received.remaining() < HEADER_BYTES + length) {
                return null;
            }
            byte kind = received.get();
            byte[] payload = new byte[Short.toUnsignedInt(received.getShort())];
            received.get(payload);
            return new Message(kind, ByteBuffer.wrap(payload));
        } finally {
            received.compact();
        }
    }

    /** Sends a message whole; a beat that finds no room is left out, for the other end is not listening. */
    void send(byte kind, byte... payload) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        message.put(kind).putShort((short) payload.length).put(payload).flip();
        int written = channel.write(message);
        if (message.hasRemaining() && (written > 0 || kind != BEAT)) {
            throw new IOException("the other end does not read");
        }
    }

    void refuse(String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        send(REFUSED, Arrays.copyOf(text, Math.min(text.length, TetherHello.MAX_BYTES)));
    }

    /**
     * Says bye. The connection stays until the other end has closed it: closing one that has unread bytes would reset it,
     * and the bye could be lost.
     */
    void leave() throws IOException {
        state = State.LEAVING;
        send(BYE);
        channel.shutdownOutput();
    }

    void close() throws IOException {
        key.cancel();
        channel.close();
    }
}
