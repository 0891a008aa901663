package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tandem.actors.transport.TetherEvent.Held;
import dev.tandem.actors.transport.TetherEvent.Lost;
import dev.tandem.actors.transport.TetherEvent.Released;
import dev.tandem.actors.transport.Tethers.Identity;
import dev.tandem.actors.transport.Tethers.Settings;
import java.io.DataInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TethersTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Settings SETTINGS = Settings.DEFAULT;

    private final List<End> ends = new ArrayList<>();

    /** Tethers and what their listener heard. */
    private record End(Tethers tethers, BlockingQueue<TetherEvent> events) {

        TetherEvent next() throws InterruptedException {
            return events.poll(10, TimeUnit.SECONDS);
        }
    }

    private End open(String node) {
        return open(new Identity("tandem", "1", node), SETTINGS);
    }

    private End open(Identity identity, Settings settings) {
        BlockingQueue<TetherEvent> events = new LinkedBlockingQueue<>();
        End end = new End(Tethers.open(identity, ANY_PORT, settings, events::add), events);
        ends.add(end);
        return end;
    }

    @AfterEach
    void closeAll() {
        ends.forEach(end -> end.tethers.close());
    }

    @Test
    void tellsBothEndsWhenATetherStands() throws Exception {
        End a = open("a");
        End b = open("b");

        a.tethers.hold("b", b.tethers.address());

        assertThat(a.next()).isEqualTo(new Held("b"));
        assertThat(b.next()).isEqualTo(new Held("a"));
        assertThat(a.tethers.peers()).containsExactly("b");
    }

    @RepeatedTest(20)
    void tellsOnceWhenBothEndsDial() throws Exception {
        End a = open("a");
        End b = open("b");

        // Both before the other end dials: one that came to its turn only after the release would dial a closed port.
        a.tethers.hold("b", b.tethers.address());
        a.tethers.hold("b", b.tethers.address());
        b.tethers.hold("a", a.tethers.address());

        assertThat(a.next()).isEqualTo(new Held("b"));
        assertThat(b.next()).isEqualTo(new Held("a"));
        b.tethers.close();
        assertThat(a.next()).isEqualTo(new Released("b"));
        assertThat(a.events).isEmpty();
    }

    @Test
    void tellsThePeerThatWasReleased() throws Exception {
        End a = open("a");
        End b = open("b");
        a.tethers.hold("b", b.tethers.address());
        a.next();
        b.next();

        a.tethers.release("b");

        assertThat(b.next()).isEqualTo(new Released("a"));
        assertThat(a.tethers.peers()).isEmpty();
        a.tethers.hold("b", b.tethers.address());
        assertThat(a.next()).isEqualTo(new Held("b"));
    }

    @Test
    void staysQuietWhileBothEndsLive() throws Exception {
        Settings hasty = new Settings(Duration.ofMillis(20), Duration.ofMillis(400), Duration.ofSeconds(2));
        End a = open(new Identity("tandem", "1", "a"), hasty);
        End b = open(new Identity("tandem", "1", "b"), hasty);
        a.tethers.hold("b", b.tethers.address());
        a.next();
        b.next();

        assertThat(a.events.poll(1, TimeUnit.SECONDS)).isNull();
        assertThat(b.events).isEmpty();
    }

    @Test
    void noticesAtOnceThatThePeerWasKilled() throws Exception {
        try (TetherPeer peer = TetherPeer.start("b")) {
            End a = open("a");
            a.tethers.hold("b", peer.address());
            assertThat(a.next()).isEqualTo(new Held("b"));

            long start = System.nanoTime();
            peer.kill();

            assertThat(a.next()).isInstanceOf(Lost.class);
            assertThat(millisSince(start)).isLessThan(300);
        }
    }

    @Test
    void noticesThatThePeerFellSilent() throws Exception {
        assumeThat(System.getProperty("os.name"))
                .as("signals that stop a process")
                .isNotEqualToIgnoringCase("windows");
        try (TetherPeer peer = TetherPeer.start("b")) {
            End a = open("a");
            a.tethers.hold("b", peer.address());
            assertThat(a.next()).isEqualTo(new Held("b"));

            long start = System.nanoTime();
            peer.signal("STOP");

            assertThat(a.next()).isEqualTo(new Lost("b", "silent for 500 ms", true));
            assertThat(millisSince(start))
                    .isLessThan(SETTINGS.silence()
                                    .plus(SETTINGS.beat().multipliedBy(2))
                                    .toMillis()
                            + 100);
            peer.signal("CONT");
        }
    }

    @Test
    void hearsOfAPeerThatEndsInOrder() throws Exception {
        try (TetherPeer peer = TetherPeer.start("b")) {
            End a = open("a");
            a.tethers.hold("b", peer.address());
            assertThat(a.next()).isEqualTo(new Held("b"));

            peer.endInput();

            assertThat(a.next()).isEqualTo(new Released("b"));
        }
    }

    @Test
    void losesPeerThatCannotBeReached() throws Exception {
        End a = open("a");
        InetSocketAddress free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = (InetSocketAddress) socket.getLocalSocketAddress();
        }

        a.tethers.hold("b", free);
        assertThat(a.next()).isInstanceOfSatisfying(Lost.class, lost -> assertThat(lost.peer())
                .isEqualTo("b"));
        a.tethers.hold("c", InetSocketAddress.createUnresolved("nowhere.invalid", 1));
        assertThat(a.next()).isInstanceOfSatisfying(Lost.class, lost -> assertThat(lost.reason())
                .contains("unknown host"));
    }

    @Test
    void losesPeerThatDoesNotAnswer() throws Exception {
        Settings hasty = new Settings(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(150));
        End a = open(new Identity("tandem", "1", "a"), hasty);
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            a.tethers.hold("b", (InetSocketAddress) mute.getLocalSocketAddress());

            assertThat(a.next()).isEqualTo(new Lost("b", "silent for 150 ms", false));
        }
    }

    @Test
    void refusesPeerOfAnotherClusterOrVersion() throws Exception {
        End a = open("a");
        End other = open(new Identity("other", "1", "x"), SETTINGS);
        End newer = open(new Identity("tandem", "2", "y"), SETTINGS);

        other.tethers.hold("a", a.tethers.address());
        newer.tethers.hold("a", a.tethers.address());

        assertThat(other.next())
                .isEqualTo(new Lost("a", "the peer refused: cluster 'other' of node 'x' must be 'tandem'", false));
        assertThat(newer.next()).isEqualTo(new Lost("a", "the peer refused: version 2 of node 'y' must be 1", false));
        assertThat(a.events).isEmpty();
    }

    @Test
    void refusesNodeThatIsNotTheOneThatWasDialled() throws Exception {
        End a = open("a");
        End b = open("b");

        a.tethers.hold("c", b.tethers.address());

        assertThat(a.next()).isEqualTo(new Lost("c", "node 'b' answered, where node 'c' was expected", false));
        assertThat(b.next()).isEqualTo(new Held("a"));
        assertThat(b.next()).isInstanceOf(Lost.class);
    }

    @Test
    void losesOldConnectionWhenThePeerStartsAnew() throws Exception {
        End a = open("a");
        try (Socket old = dialByHand(a, 1);
                Socket anew = dialByHand(a, 2)) {
            assertThat(a.next()).isEqualTo(new Held("b"));
            assertThat(a.next()).isEqualTo(new Lost("b", "the peer has started anew", true));
            assertThat(a.next()).isEqualTo(new Held("b"));
            assertThat(old.isConnected() && anew.isConnected()).isTrue();
        }
    }

    @Test
    void endsConnectionOfStrangersAndServesOn() throws Exception {
        End a = open("a");
        try (Socket stranger =
                new Socket(a.tethers.address().getAddress(), a.tethers.address().getPort())) {
            stranger.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            stranger.setSoTimeout(5000);
            assertThat(readsEnd(stranger)).isTrue();
        }
        End b = open("b");

        b.tethers.hold("a", a.tethers.address());

        assertThat(b.next()).isEqualTo(new Held("a"));
    }

    @Test
    void servesOnWhenTheListenerFails() throws Exception {
        BlockingQueue<TetherEvent> events = new LinkedBlockingQueue<>();
        Tethers failing = Tethers.open(new Identity("tandem", "1", "a"), ANY_PORT, SETTINGS, event -> {
            events.add(event);
            throw new IllegalStateException("on purpose");
        });
        ends.add(new End(failing, events));
        End b = open("b");

        b.tethers.hold("a", failing.address());
        b.next();
        b.tethers.close();

        assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(new Held("b"));
        assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo(new Released("b"));
    }

    @Test
    void leavesNoThreadAndNoPortBehind() {
        End a = open("a");
        int port = a.tethers.address().getPort();

        a.tethers.close();
        a.tethers.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("tethers"));
        Tethers again = Tethers.open(
                new Identity("tandem", "1", "a"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                SETTINGS,
                event -> {});
        again.close();
        assertThatThrownBy(() -> a.tethers.hold("b", ANY_PORT)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rejectsPortThatIsTaken() {
        InetSocketAddress taken = open("a").tethers.address();

        assertThatThrownBy(() -> Tethers.open(new Identity("tandem", "1", "b"), taken, SETTINGS, event -> {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(String.valueOf(taken.getPort()));
    }

    @Test
    void rejectsSilenceShorterThanTwoBeats() {
        assertThatThrownBy(() -> new Settings(Duration.ofMillis(100), Duration.ofMillis(150), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0.15S");
    }

    /** Both ends may dial: the other's connection may come to its turn only when this end is about to end. */
    @Test
    void saysByeToWhoDialsWhileItEnds() throws Exception {
        End a = open("a");
        CompletableFuture<Void> end;
        try (Socket held = dialByHand(a, 1)) {
            end = CompletableFuture.runAsync(a.tethers::close);
            awaitBye(held);

            try (Socket late = greetByHand(a, 1)) {
                assertThat(late.getInputStream().read()).isEqualTo(Tether.BYE);
            }
        }
        end.get(5, TimeUnit.SECONDS);
    }

    private static void awaitBye(Socket socket) throws Exception {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (in.readByte() != Tether.BYE) {
            in.readFully(new byte[in.readUnsignedShort()]);
        }
    }

    /** The answer shows that the greeting was taken. */
    private static Socket dialByHand(End end, long incarnation) throws Exception {
        Socket socket = greetByHand(end, incarnation);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(in.readByte()).isEqualTo(Tether.HELLO);
        in.readFully(new byte[in.readUnsignedShort()]);
        return socket;
    }

    private static Socket greetByHand(End end, long incarnation) throws Exception {
        InetSocketAddress address = end.tethers.address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        byte[] hello = new TetherHello(incarnation, "tandem", "1", "b").encode();
        ByteBuffer message = ByteBuffer.allocate(3 + hello.length);
        socket.getOutputStream()
                .write(message.put(Tether.HELLO)
                        .putShort((short) hello.length)
                        .put(hello)
                        .array());
        return socket;
    }

    private static boolean readsEnd(Socket socket) throws Exception {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private static long millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }
}
