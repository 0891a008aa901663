package dev.tandem.actors.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The tethers of one node: small connections to the nodes it exchanges frames with, which tell at once when one is lost.
 *
 * <p>When a peer's process dies its kernel closes the connection; when its machine or the network does, the beats stop.
 * It does not matter which of two nodes dials the other, nor whether both do.
 *
 * <p>Threading: all methods may be called from any thread. One daemon thread serves all connections and calls the
 * listener, which must not block. It asks for a high priority, which Linux grants only to a Java machine started with
 * {@code -XX:ThreadPriorityPolicy}.
 */
public final class Tethers implements AutoCloseable {

    private final TetherLoop loop;
    private final Thread thread;
    private final long incarnation;

    /** Who this node is. A peer of another cluster or version is refused. */
    public record Identity(String cluster, String version, String node) {}

    /**
     * When a peer counts as lost.
     *
     * @param beat between two signs of life
     * @param silence without any, after which the peer is lost
     * @param greeting longest time from dialling a peer to its answer
     */
    public record Settings(Duration beat, Duration silence, Duration greeting) {

        public static final Settings DEFAULT =
                new Settings(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2));

        public Settings {
            if (beat.toMillis() <= 0 || silence.compareTo(beat.multipliedBy(2)) < 0) {
                throw new IllegalArgumentException("silence (" + silence + ") must be at least twice the beat (" + beat
                        + "), which must be above 0");
            }
        }
    }

    /**
     * Opens the node's end.
     *
     * @param bind where peers can dial; with port 0 the system chooses, see {@link #address}
     * @throws UncheckedIOException when the address cannot be bound
     */
    public static Tethers open(
            Identity identity, InetSocketAddress bind, Settings settings, Consumer<TetherEvent> listener) {
        long incarnation = new SecureRandom().nextLong();
        TetherHello hello = new TetherHello(incarnation, identity.cluster(), identity.version(), identity.node());
        try {
            return new Tethers(new TetherLoop(hello, bind, settings, listener), incarnation);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen for tethers at " + bind + ". Maybe the port is in use.", e);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a wish only: nothing breaks where the system does not grant it
    private Tethers(TetherLoop loop, long incarnation) {
        this.loop = loop;
        this.incarnation = incarnation;
        this.thread = new Thread(loop, "tethers");
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    /** Where peers can dial, with the actual port. */
    public InetSocketAddress address() {
        return loop.address();
    }

    /** Of this node: another one each time it starts. */
    public long incarnation() {
        return incarnation;
    }

    /** Node ids of the peers to which a tether stands now. */
    public Set<String> peers() {
        return loop.heldPeers();
    }

    /** Ties this node to a peer, unless it is already; {@code Held} or {@code Lost} follows, or nothing when the peer is just ending. */
    public void hold(String peer, InetSocketAddress at) {
        loop.hold(peer, at);
    }

    /** Lets a peer go, which hears {@code Released}; this node's listener hears nothing. */
    public void release(String peer) {
        loop.release(peer);
    }

    /** Lets all peers go and stops. Returns when no event can follow any more, also when called a second time. */
    @Override
    public void close() {
        loop.stop();
        if (Thread.currentThread() != thread) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
