package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.PieceFetcher;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceSource;
import dev.tandem.actors.transport.PieceStore;
import dev.tandem.core.topology.NodePower;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.SessionPool;
import dev.tandem.inference.runtime.SessionSettings.Prepack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node's actors are told has a handler. */
class NodeProtocolTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    @SuppressWarnings("NullAway") // no handler gets as far as the tethers
    void agentHandlesEveryMessage() {
        Stream<Class<?>> messages = Stream.concat(
                Stream.of(NodeMessages.Step.class),
                ProtocolCheck.ownMessages(NodeAgent.class, NodeMessages.Message.class));

        assertThat(ProtocolCheck.unhandled(
                        () -> NodeAgent.create(
                                setup(), TestInbox.<LinkProbe.Command>create().getRef(), null),
                        messages))
                .isEmpty();
    }

    @Test
    void hostHandlesEveryMessage() {
        PieceRef piece = new PieceRef("a".repeat(64), 1);
        NodeMessages.Prepare prepare = new NodeMessages.Prepare(
                1,
                TestPlans.chain("m", "a"),
                new ModelManifest("model", "m", piece, piece),
                TestInbox.<PieceSource.Command>create().getRef(),
                2,
                TestInbox.<NodeMessages.Reply>create().getRef());
        EpochHost.Services services = new EpochHost.Services(
                setup(),
                new ShardBuilder(new PieceStore(directory), directory, "a"),
                TestInbox.<PieceFetcher.Command>create().getRef(),
                new SessionPool(),
                Map.of());

        assertThat(ProtocolCheck.unhandled(() -> EpochHost.create(services, prepare), Stream.of(EpochHost.Event.class)))
                .isEmpty();
    }

    @Test
    void deletesSubmodelsThatAKilledProcessHasLeft() throws Exception {
        Path left = Files.createFile(directory.resolve("epoch-3-0-1.0.onnx"));
        Path piece = Files.createFile(directory.resolve("a".repeat(64)));

        new ShardBuilder(new PieceStore(directory), directory, "a").removeLeftovers();

        assertThat(left).doesNotExist();
        assertThat(piece).exists();
    }

    private NodeSetup setup() {
        return new NodeSetup(
                "a",
                "test",
                1 << 20,
                List.of(new OfferedGroup(new CoreGroupSpec("cpu", List.of(0), 1, false))),
                Map.of(),
                NodePower.NONE,
                directory,
                1 << 20,
                1 << 19,
                false,
                Prepack.AUTO,
                TestInbox.<SupervisorMessages.Command>create().getRef());
    }
}
