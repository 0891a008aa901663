package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestSystems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.ClusterCommand;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.remote.artery.QuarantinedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrashCheckTest {

    /** The members are asked for before a look and after it. */
    private static final int AFTER_THE_FIRST_LOOK = 2;

    private static final Duration LONGER_THAN_A_LOOK = Duration.ofMillis(300);

    private final ActorTestKit kit = TestSystems.start("crash-check");
    private final TestProbe<ClusterCommand> cluster = kit.createTestProbe();
    private final TestProbe<QuarantinedEvent> ended = kit.createTestProbe();
    private volatile List<UniqueAddress> others = List.of();
    private final ActorRef<CrashCheck.Event> check = spawn(() -> others);

    private ActorRef<CrashCheck.Event> spawn(Supplier<List<UniqueAddress>> members) {
        return kit.spawn(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new CrashCheck(context, timers, cluster.ref(), members))));
    }

    @BeforeEach
    void listen() {
        Adapter.toClassic(kit.system()).eventStream().subscribe(Adapter.toClassic(ended.ref()), QuarantinedEvent.class);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void downsWhatHasEndedAndNothingElse() throws IOException {
        UniqueAddress gone = gone();
        try (Silent silent = open()) {
            others = List.of(gone, silent.member());
            check.tell(CrashCheck.Unreachable.UNREACHABLE);

            cluster.expectMessage(new Down(gone.address()));
            assertThat(ended.receiveMessage().uniqueAddress().address()).isEqualTo(gone.address());
            others = List.of(silent.member());
            cluster.expectNoMessage(LONGER_THAN_A_LOOK);
        }
    }

    @Test
    void leavesItToTheResolverUnlessMostListen() throws IOException {
        UniqueAddress gone = gone();
        try (Silent silent = open()) {
            others = List.of(gone, gone, silent.member());
            check.tell(CrashCheck.Unreachable.UNREACHABLE);

            cluster.expectNoMessage(LONGER_THAN_A_LOOK);
        }
    }

    /** A member that is healed after it was cut off still says that others do not answer; then it ends. */
    @Test
    void goesOnLookingAtAllWhenOneDoesNotAnswer() throws IOException {
        try (Silent silent = open();
                Silent ending = open()) {
            others = List.of(silent.member(), ending.member());
            check.tell(CrashCheck.Unreachable.UNREACHABLE);
            cluster.expectNoMessage(LONGER_THAN_A_LOOK);
            ending.socket().close();

            cluster.expectMessage(new Down(ending.member().address()));
        }
    }

    @Test
    void looksAtAllWhenATetherIsLost() throws IOException {
        UniqueAddress gone = gone();
        try (Silent silent = open()) {
            others = List.of(silent.member(), gone);
            check.tell(CrashCheck.TetherLost.TETHER_LOST);

            cluster.expectMessage(new Down(gone.address()));
            assertThat(ended.receiveMessage().uniqueAddress().uid()).isEqualTo(gone.longUid());
            cluster.expectNoMessage(LONGER_THAN_A_LOOK);
        }
    }

    /** A machine that has no room for another connection for a moment refuses it as well. */
    @Test
    void oneRefusalIsNotEnough() throws IOException {
        UniqueAddress refusesOnce = gone();
        int port = refusesOnce.address().getPort().orElseThrow();
        try (Silent silent = open()) {
            AtomicInteger asked = new AtomicInteger();
            List<Silent> late = new CopyOnWriteArrayList<>();
            ActorRef<CrashCheck.Event> one = spawn(() -> {
                if (asked.incrementAndGet() == AFTER_THE_FIRST_LOOK) {
                    late.add(open(port));
                }
                return List.of(refusesOnce, silent.member());
            });

            one.tell(CrashCheck.TetherLost.TETHER_LOST);

            cluster.expectNoMessage(Duration.ofSeconds(1));
            assertThat(asked).hasValueGreaterThan(AFTER_THE_FIRST_LOOK);
            late.get(0).close();
        }
    }

    @Test
    void looksAgainAtWhatStillListensWhenItsTetherIsLost() throws IOException {
        try (Silent silent = open();
                Silent ending = open()) {
            others = List.of(silent.member(), ending.member());
            check.tell(CrashCheck.TetherLost.TETHER_LOST);
            try (Socket looked = ending.socket().accept()) {
                assertThat(looked.isConnected()).isTrue();
            }
            ending.socket().close();

            cluster.expectMessage(new Down(ending.member().address()));
        }
    }

    private UniqueAddress gone() throws IOException {
        try (Silent ended = open()) {
            return ended.member();
        }
    }

    private record Silent(ServerSocket socket) implements AutoCloseable {
        UniqueAddress member() {
            return new UniqueAddress(
                    new Address("pekko", "tandem", socket.getInetAddress().getHostAddress(), socket.getLocalPort()),
                    socket.getLocalPort() + 7L);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Silent open() {
        return open(0);
    }

    private static Silent open(int port) {
        try {
            return new Silent(new ServerSocket(port, 16, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
