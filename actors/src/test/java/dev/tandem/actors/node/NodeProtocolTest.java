package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.protocol.ModelManifest;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.transport.DataMessage;
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
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.Behavior;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node's actors are told has a handler, and what comes out of turn is refused with its reason. */
class NodeProtocolTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final TestInbox<NodeMessages.Reply> replies = TestInbox.create();

    @Test
    void agentHandlesEveryMessage() {
        Stream<Class<?>> messages = Stream.concat(
                Stream.of(NodeMessages.Step.class),
                ProtocolCheck.ownMessages(NodeAgent.class, NodeMessages.Message.class));

        assertThat(ProtocolCheck.unhandled(this::agent, messages)).isEmpty();
    }

    @Test
    void hostHandlesEveryMessage() {
        assertThat(ProtocolCheck.unhandled(this::host, Stream.of(EpochHost.Event.class)))
                .isEmpty();
    }

    @Test
    void agentRefusesToPrepareAnEpochTwice() {
        BehaviorTestKit<NodeMessages.Message> agent = BehaviorTestKit.create(agent());
        agent.run(prepare());
        assertThat(replies.hasMessages()).isFalse();

        agent.run(prepare());

        assertRefused("the epoch is already there");
    }

    @Test
    void agentRefusesToConnectAnEpochThatIsNotThere() {
        BehaviorTestKit.create(agent()).run(wire());

        assertRefused("the epoch is not here");
    }

    @Test
    void hostRefusesToConnectBeforeItsShardsAreOpen() {
        BehaviorTestKit.create(host()).run(new EpochHost.NextStep(wire()));

        assertRefused("its shards are not open");
    }

    @Test
    void hostTellsASupervisorThatTakesOverThatItDoesNotServe() {
        BehaviorTestKit.create(host()).run(new EpochHost.NextStep(new NodeMessages.Adopt(1, replies.getRef())));

        assertRefused("its shards do not serve");
    }

    private void assertRefused(String reason) {
        replies.expectMessage(new NodeMessages.StepFailed(1, "a", reason));
    }

    @SuppressWarnings("NullAway") // no handler gets as far as the tethers
    private Behavior<NodeMessages.Message> agent() {
        return NodeAgent.create(setup(), TestInbox.<LinkProbe.Command>create().getRef(), null);
    }

    private Behavior<EpochHost.Event> host() {
        EpochHost.Services services = new EpochHost.Services(
                setup(),
                new ShardBuilder(new PieceStore(directory), directory, "a"),
                TestInbox.<PieceFetcher.Command>create().getRef(),
                new SessionPool(),
                Map.of());
        return EpochHost.create(services, prepare());
    }

    private NodeMessages.Prepare prepare() {
        PieceRef piece = new PieceRef("a".repeat(64), 1);
        return new NodeMessages.Prepare(
                1,
                TestPlans.chain("m", "a"),
                new ModelManifest("model", "m", piece, piece),
                TestInbox.<PieceSource.Command>create().getRef(),
                2,
                replies.getRef());
    }

    private NodeMessages.Wire wire() {
        return new NodeMessages.Wire(
                1, List.of(), TestInbox.<DataMessage>create().getRef(), Map.of(), replies.getRef());
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
