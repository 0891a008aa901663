package dev.tandem.actors.supervisor;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.actors.node.NodeMessages.Adopt;
import dev.tandem.actors.node.NodeMessages.Message;
import dev.tandem.actors.node.NodeMessages.Notice;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.Prepared;
import dev.tandem.actors.node.NodeMessages.Retire;
import dev.tandem.actors.node.NodeMessages.Retired;
import dev.tandem.actors.node.NodeMessages.Step;
import dev.tandem.actors.node.NodeMessages.Wire;
import dev.tandem.actors.node.NodeMessages.Wired;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.protocol.ShardRef;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A node that does what it is told at once, unless it is silent; it shows the test every step. */
final class TestNode {

    private static final AtomicLong INCARNATIONS = new AtomicLong();

    final String name;
    final TestProbe<Step> steps;
    final TestProbe<Notice> notices;
    final ActorRef<Step> agent;
    final long incarnation = INCARNATIONS.incrementAndGet();
    volatile boolean silent;
    private final ActorTestKit kit;
    private final ActorRef<DataMessage> shard;

    TestNode(ActorTestKit kit, String name) {
        this.kit = kit;
        this.name = name;
        this.steps = kit.createTestProbe(name);
        this.notices = kit.createTestProbe("notices-to-" + name);
        this.shard = kit.<DataMessage>createTestProbe("shard-of-" + name).ref();
        this.agent = kit.spawn(Behaviors.<Step>receiveMessage(step -> {
            steps.ref().tell(step);
            if (!silent) {
                answer(step);
            }
            return Behaviors.same();
        }));
    }

    /** Also what it has not answered while it was silent. */
    void answer(Step step) {
        if (step instanceof Prepare prepare) {
            prepare.replyTo().tell(new Prepared(prepare.epoch(), name, shards(prepare.plan())));
        } else if (step instanceof Wire wire) {
            wire.replyTo().tell(new Wired(wire.epoch(), name));
        } else if (step instanceof Adopt adopt) {
            adopt.replyTo().tell(new Wired(adopt.epoch(), name));
        } else {
            step.replyTo().tell(new Retired(step.epoch(), name));
        }
    }

    private List<ShardRef> shards(Plan plan) {
        List<ShardRef> shards = new ArrayList<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            Lane of = plan.lanes().get(lane);
            for (int stage = 0; stage < of.stages().size(); stage++) {
                for (int index = 0; index < of.stages().get(stage).shards().size(); index++) {
                    Endpoint endpoint = new Endpoint(stage, index);
                    if (of.shard(endpoint).place().node().equals(name)) {
                        shards.add(new ShardRef(lane, endpoint, shard));
                    }
                }
            }
        }
        return shards;
    }

    SupervisorMessages.Register registration(long memoryBytes) {
        return registration(memoryBytes, false);
    }

    SupervisorMessages.Register registration(long memoryBytes, boolean isLeaving) {
        CoreGroup group = new CoreGroup(new CoreGroupId(name, "cpu"), CoreGroup.Kind.CPU, List.of(0), 1, 1e9);
        NodeReport report = new NodeReport(
                new Node(name, memoryBytes, List.of(group)),
                "test",
                new TetherAddress("127.0.0.1", 1, incarnation),
                0,
                1,
                isLeaving,
                List.of());
        return new SupervisorMessages.Register(report, agent, kit.spawn(LinkProbe.create()), notices.ref());
    }

    <S extends Message> S next(Class<S> type) {
        List<Step> caught = steps.fishForMessage(
                Duration.ofSeconds(5),
                step -> type.isInstance(step) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
        return type.cast(caught.get(0));
    }

    /** The next of a later epoch, whatever is left of earlier ones. */
    Prepare nextPrepareAfter(long epoch) {
        Prepare prepare = next(Prepare.class);
        while (prepare.epoch() <= epoch) {
            prepare = next(Prepare.class);
        }
        return prepare;
    }

    void expectRetired(long epoch) {
        steps.fishForMessage(
                Duration.ofSeconds(5),
                step -> step instanceof Retire && step.epoch() == epoch
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }
}
