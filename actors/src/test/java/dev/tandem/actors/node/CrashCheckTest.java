package dev.tandem.actors.node;

import dev.tandem.actors.fixture.TestSystems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.ClusterCommand;
import org.apache.pekko.cluster.typed.Down;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrashCheckTest {

    private final ActorTestKit kit = TestSystems.start("crash-check");
    private final TestProbe<ClusterCommand> cluster = kit.createTestProbe();
    private volatile List<Address> others = List.of();
    private final ActorRef<CrashCheck.Event> check =
            kit.spawn(Behaviors.setup(context -> CrashCheck.checking(context, cluster.ref(), () -> others)));

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void downsWhatHasEndedAndNothingElse() throws IOException {
        Address gone;
        try (Silent ended = open()) {
            gone = ended.address();
        }
        try (Silent silent = open()) {
            others = List.of(gone, silent.address());
            check.tell(new CrashCheck.Suspect(silent.address()));
            check.tell(new CrashCheck.Suspect(gone));

            cluster.expectMessage(new Down(gone));
            others = List.of(gone, gone, silent.address());
            check.tell(new CrashCheck.Suspect(gone));
            cluster.expectNoMessage(Duration.ofMillis(300));
        }
    }

    private record Silent(ServerSocket socket) implements AutoCloseable {
        Address address() {
            return new Address("pekko", "tandem", socket.getInetAddress().getHostAddress(), socket.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Silent open() throws IOException {
        return new Silent(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
}
