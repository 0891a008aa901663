package dev.tandem.harness.experiment.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * The yardstick: the least that Java needs to move bytes from one process's buffers into another's. Blocking channels,
 * native buffers as large as a frame, the kernel's own buffer sizes, a connection for every measurement.
 */
final class PlainSocket {

    private static final int BUFFERS = 4;
    private static final int BUFFER_BYTES = 1 << 20;

    private PlainSocket() {}

    /** Listens on a free port of that address. */
    static ServerSocketChannel listen(String address) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(address, 0));
        return server;
    }

    /** Takes one connection's bytes until it ends, then says so to the sender. */
    static Arrivals receive(ServerSocketChannel server, Interval interval) throws IOException {
        Arrivals arrivals = interval.arrivals();
        try (SocketChannel channel = server.accept()) {
            ByteBuffer[] buffers = buffers();
            int next = 0;
            for (int read; (read = channel.read(buffers[next])) >= 0; ) {
                arrivals.add(System.nanoTime(), read);
                if (!buffers[next].hasRemaining()) {
                    buffers[next].clear();
                    next = (next + 1) % BUFFERS;
                }
            }
            channel.write(ByteBuffer.allocate(1));
        }
        return arrivals;
    }

    /** Sends for that long; returns how many bytes, all of which the receiver has. */
    static long send(InetSocketAddress to, Duration time) throws IOException {
        try (SocketChannel channel = SocketChannel.open(to)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer[] buffers = buffers();
            long end = System.nanoTime() + time.toNanos();
            long bytes = 0;
            for (int next = 0; System.nanoTime() < end; next = (next + 1) % BUFFERS) {
                buffers[next].clear();
                while (buffers[next].hasRemaining()) {
                    bytes += channel.write(buffers[next]);
                }
            }
            channel.shutdownOutput();
            if (channel.read(ByteBuffer.allocate(1)) != 1) {
                throw new EOFException("the receiver ended before it had everything");
            }
            return bytes;
        }
    }

    private static ByteBuffer[] buffers() {
        ByteBuffer[] buffers = new ByteBuffer[BUFFERS];
        for (int index = 0; index < BUFFERS; index++) {
            buffers[index] = ByteBuffer.allocateDirect(BUFFER_BYTES);
        }
        return buffers;
    }
}
