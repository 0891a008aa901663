package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.node.NodeMessages.MayLeave;
import dev.tandem.actors.node.NodeMessages.MustWait;
import dev.tandem.actors.node.NodeMessages.Notice;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.node.NodeMessages.Retired;
import dev.tandem.actors.protocol.DeployReply.Deployed;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A node says that it leaves: its work is moved before it goes. */
class DeparturesTest extends SupervisorCase {

    @Test
    void movesWhatServesAndThenLetsTheNodeGo() {
        node("a");
        node("b");
        deploy(Scheme.SINGLE, 1);
        Activate first = activated();
        client.expectMessageClass(
                Deployed.class, PATIENCE); // before that nothing serves yet, and this node says it once
        TestNode leaver = leave(place(first, 0));

        Activate second = activated();
        assertThat(place(second, 0)).isNotEqualTo(leaver.name);
        leaver.notices.expectMessage(MustWait.MUST_WAIT);
        first.replyTo().tell(new Drained(first.epoch()));
        leaver.expectRetired(first.epoch());

        assertThat(awaitLeave(leaver.name)).isEqualTo(new MayLeave(""));
    }

    @Test
    void aNodeThatLeavesGetsNoWork() {
        TestNode leaver = node("a");
        leave("a");
        node("b");

        deploy(Scheme.SINGLE, 1);

        assertThat(place(activated(), 0)).isEqualTo("b");
        leaver.notices.expectMessage(new MayLeave(""));
    }

    @Test
    void saysWhyWhatServesCannotBeMovedAndLetsItServeOn() {
        TestNode only = node("a");
        deploy(Scheme.SINGLE, 1);
        activated();
        client.expectMessageClass(Deployed.class, PATIENCE);

        leave("a");

        only.notices.expectMessage(MustWait.MUST_WAIT);
        assertThat(only.notices.expectMessageClass(MayLeave.class, PATIENCE).obstacle())
                .contains("none of the nodes");
        gateway.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void plansAgainWhatWasOnItsWayToTheNode() {
        TestNode slow = node("a");
        slow.silent = true;
        deploy(Scheme.SINGLE, 1);
        Prepare prepare = slow.next(Prepare.class);
        node("b");

        leave("a");

        slow.expectRetired(prepare.epoch());
        prepare.replyTo().tell(new Retired(prepare.epoch(), "a"));
        assertThat(place(activated(), 0)).isEqualTo("b");
        client.expectMessageClass(Deployed.class, PATIENCE);
        assertThat(awaitLeave("a")).isEqualTo(new MayLeave(""));
    }

    /** As a node does, which says again that it leaves until it may: it does not know when what it held was freed. */
    private MayLeave awaitLeave(String name) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        TestNode leaver = leave(name);
        Notice notice = leaver.notices.receiveMessage(PATIENCE);
        while (!(notice instanceof MayLeave)) {
            assertThat(System.nanoTime()).isLessThan(end);
            notice = leave(name).notices.receiveMessage(PATIENCE);
        }
        return (MayLeave) notice;
    }

    private TestNode leave(String name) {
        TestNode leaver = Objects.requireNonNull(nodes.get(name));
        supervisor.tell(leaver.registration(ENOUGH, true));
        return leaver;
    }
}
