package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.GatewayMessages.Abandon;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Drained;
import dev.tandem.actors.gateway.GatewayMessages.Faulty;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.Recall;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.shard.ShardFault;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.core.plan.Endpoint;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** What a gateway tells supervisors of what it holds. */
class GatewayAnnouncementTest extends GatewayCase {

    @Test
    void describesItselfWithTheReportsOfTheActiveEpoch() {
        activate(1, "m");
        gateway.tell(report(1));
        gateway.tell(report(9));
        TestProbe<GatewayMessages.Stats> asker = kit.createTestProbe();

        gateway.tell(new GatewayMessages.Describe(asker.ref()));

        GatewayMessages.Stats stats = asker.receiveMessage();
        assertThat(stats.epoch()).isEqualTo(1);
        assertThat(stats.shards()).containsExactly(report(1));
    }

    @Test
    void announcesWhatItServesAgainAndAgain() {
        announcements.fishForMessage(
                Duration.ofSeconds(5),
                message -> message instanceof Announce none && none.serving() == 0
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        TestShard old = activate(3, "m").get(0);
        infer(1);
        activate(5, "m");

        Announce both = announcement(announce -> announce.serving() == 5);

        assertThat(both.draining()).containsExactly(3L);
        assertThat(both.newestEpoch()).isEqualTo(5);
        assertThat(both.isInterrupted()).isFalse();
        old.answerNext();
        assertThat(announcement(announce -> announce.draining().isEmpty()).serving())
                .isEqualTo(5);
    }

    @Test
    void handsAllItHoldsToASupervisorThatAsks() {
        activate(3, "m");
        infer(1);
        activate(5, "m");
        TestProbe<Holdings> later = kit.createTestProbe();

        gateway.tell(new Recall(later.ref()));

        Holdings holdings = later.receiveMessage();
        assertThat(holdings.serving())
                .hasValueSatisfying(held -> assertThat(held.epoch()).isEqualTo(5));
        assertThat(holdings.draining()).extracting(Activate::epoch).containsExactly(3L);
        assertThat(holdings.interrupted()).isEmpty();
    }

    @Test
    void remembersWhatIsToBeServedAgain() {
        activate(3, "m");
        gateway.tell(new Abandon(3, "node lost", GatewayMessages.Outlook.ANOTHER_FOLLOWS));
        TestProbe<Holdings> later = kit.createTestProbe();

        assertThat(announcement(announce -> announce.isInterrupted()).serving()).isZero();
        gateway.tell(new Recall(later.ref()));

        assertThat(later.receiveMessage().interrupted()).contains(ORIGIN);
    }

    @Test
    void saysWhatIsInterruptedAndWhyUntilItIsServedAgain() {
        activate(3, "m");
        gateway.tell(new Abandon(3, "no nodes", GatewayMessages.Outlook.INTERRUPTED));
        TestProbe<GatewayMessages.Stats> asker = kit.createTestProbe();

        gateway.tell(new GatewayMessages.Describe(asker.ref()));

        assertThat(asker.receiveMessage().problem()).isEqualTo("model 'model' is interrupted: no nodes");
        activate(4, "m");
        gateway.tell(new GatewayMessages.Describe(asker.ref()));
        assertThat(asker.receiveMessage().problem()).isEmpty();
    }

    @Test
    void forgetsWhatWasToBeServedAgainWhenItIsWithdrawn() {
        activate(3, "m");
        gateway.tell(new Abandon(3, "no nodes", GatewayMessages.Outlook.INTERRUPTED));
        announcement(announce -> announce.isInterrupted());
        infer(1);
        assertFailed(ErrorCode.NOT_SERVING, "no nodes");

        gateway.tell(new Abandon(0, "withdrawn", GatewayMessages.Outlook.OVER));

        assertThat(announcement(announce -> !announce.isInterrupted()).serving())
                .isZero();
    }

    @Test
    void reportsToTheSupervisorThatHasTakenOver() {
        TestShard shard = activate(3, "m").get(0);
        infer(1);
        gateway.tell(new ShardFault(3, 0, new Endpoint(0, 0), "frame lost"));
        supervisor.expectMessageClass(Faulty.class);
        TestProbe<GatewayMessages.Reply> later = kit.createTestProbe();

        gateway.tell(new GatewayMessages.Adopt(3, later.ref()));
        gateway.tell(new GatewayMessages.Adopt(2, later.ref()));

        assertThat(later.expectMessageClass(Faulty.class).reason()).contains("frame lost");
        later.expectMessage(new Drained(2));
        activate(4, "m");
        shard.answerNext();
        later.expectMessage(new Drained(3));
    }
}
