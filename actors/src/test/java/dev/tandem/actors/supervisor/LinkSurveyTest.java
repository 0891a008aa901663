package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.node.LinkProbe;
import dev.tandem.core.topology.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Links between probes of one process, and such as the test plays. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinkSurveyTest {

    private final ActorTestKit kit = TestSystems.start("links");

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyMessageHasAHandler() {
        assertThat(ProtocolCheck.unhandled(LinkProbe::create, Stream.of(LinkProbe.Command.class)))
                .isEmpty();
        assertThat(ProtocolCheck.unhandled(
                        () -> LinkSurvey.create(
                                List.of(new LinkSurvey.Candidate("a", silent().ref(), "b", silent().ref())),
                                kit.<LinkSurvey.Surveyed>createTestProbe().ref()),
                        Stream.of(LinkProbe.Measured.class)))
                .isEmpty();
    }

    @Test
    void measuresLatencyAndBandwidth() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();

        measure(kit.spawn(LinkProbe.create()), kit.spawn(LinkProbe.create()), Duration.ofSeconds(3), asker);

        Link link = asker.expectMessageClass(LinkProbe.Reached.class).link();
        assertThat(link.from()).isEqualTo("a");
        assertThat(link.bandwidthBytesPerSecond()).isGreaterThan(1e6);
        assertThat(link.latencySeconds()).isBetween(0.0, 1.0);
    }

    @Test
    void saysWhenAMemberDoesNotAnswer() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();

        measure(kit.spawn(LinkProbe.create()), silent().ref(), Duration.ofMillis(50), asker);

        asker.expectMessage(new LinkProbe.NotReached("a", "b", "no answer within PT0.05S"));
    }

    @Test
    void measuresSlowLinksByOneLoadAndLeavesNothingOnItsWay() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();
        TestProbe<LinkProbe.Command> slow = silent();
        measure(kit.spawn(LinkProbe.create()), slow.ref(), Duration.ofSeconds(30), asker);
        LinkProbe.Ping ping = slow.expectMessageClass(LinkProbe.Ping.class);
        while (ping.load().length == 0) {
            ping.replyTo().tell(new LinkProbe.Pong(ping.number(), true));
            ping = slow.expectMessageClass(LinkProbe.Ping.class);
        }

        slow.expectNoMessage(Duration.ofMillis(250));
        ping.replyTo().tell(new LinkProbe.Pong(ping.number(), true));

        Link link = asker.expectMessageClass(LinkProbe.Reached.class).link();
        assertThat(link.bandwidthBytesPerSecond()).isBetween(1e4, ping.load().length / 0.2);
        slow.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void saysWhatWasNotAcknowledgedInTime() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();
        TestProbe<LinkProbe.Command> stuck = silent();
        measure(kit.spawn(LinkProbe.create()), stuck.ref(), Duration.ofMillis(500), asker);

        LinkProbe.Ping ping = stuck.expectMessageClass(LinkProbe.Ping.class);
        while (ping.load().length == 0) {
            ping.replyTo().tell(new LinkProbe.Pong(ping.number(), true));
            ping = stuck.expectMessageClass(LinkProbe.Ping.class);
        }

        asker.expectMessage(new LinkProbe.NotReached(
                "a", "b", "no acknowledgement of " + ping.load().length + " bytes within PT0.5S"));
    }

    @Test
    void doesNotTakeLateAnswersForThoseOfTheNextMeasurement() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();
        TestProbe<LinkProbe.Command> slow = silent();
        ActorRef<LinkProbe.Command> probe = kit.spawn(LinkProbe.create());
        probe.tell(new LinkProbe.Measure("a", "b", slow.ref(), true, Duration.ofSeconds(30), asker.ref()));
        slow.expectMessageClass(LinkProbe.Ping.class);
        TestProbe<LinkProbe.Command> next = silent();
        measure(probe, next.ref(), Duration.ofMillis(300), asker);
        asker.expectMessage(new LinkProbe.Busy("a", "b"));
        int started = next.expectMessageClass(LinkProbe.Ping.class).number();

        for (int number = 0; number < started; number++) {
            probe.tell(new LinkProbe.Pong(number, true));
        }

        asker.expectMessage(new LinkProbe.NotReached("a", "b", "no answer within PT0.3S"));
    }

    @Test
    void measuresWhatWasAskedForMeanwhileAfterwards() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();
        ActorRef<LinkProbe.Command> probe = kit.spawn(LinkProbe.create());
        measure(probe, silent().ref(), Duration.ofMillis(200), asker);

        measure(probe, kit.spawn(LinkProbe.create()), Duration.ofSeconds(3), asker);

        asker.expectMessageClass(LinkProbe.NotReached.class);
        asker.expectMessageClass(LinkProbe.Reached.class);
    }

    @Test
    void aBriefMeasurementTakesFewMessages() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();
        TestProbe<LinkProbe.Command> target = silent();
        ActorRef<LinkProbe.Command> probe = kit.spawn(LinkProbe.create());
        probe.tell(new LinkProbe.Measure("a", "b", target.ref(), true, Duration.ofSeconds(3), asker.ref()));

        List<Integer> loads = new ArrayList<>();
        // Three round trips, a load, and on a link as fast as this two bursts of eight.
        for (int message = 0; message < 20; message++) {
            LinkProbe.Ping ping = target.expectMessageClass(LinkProbe.Ping.class);
            loads.add(ping.load().length);
            probe.tell(new LinkProbe.Pong(ping.number(), true));
        }

        asker.expectMessageClass(LinkProbe.Reached.class);
        assertThat(loads.subList(0, 3)).containsOnly(0);
        assertThat(loads.subList(3, 20)).doesNotContain(0);
    }

    @Test
    void aPairThatIsNotYoungTakesFewerMessagesThanOneOfWhichEitherIs() {
        assertThat(roundTrips(false, false)).isEqualTo(8);
        assertThat(roundTrips(true, false)).isGreaterThan(8);
        assertThat(roundTrips(false, true)).isGreaterThan(8);
    }

    /** Of the first measurement of a pair. */
    private int roundTrips(boolean isProbeYoung, boolean isTargetYoung) {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();
        TestProbe<LinkProbe.Command> target = silent();
        ActorRef<LinkProbe.Command> probe = kit.spawn(LinkProbe.create());
        for (int message = 0; !isProbeYoung && message < 200; message++) {
            probe.tell(new LinkProbe.Ping(message, new byte[0], kit.system().ignoreRef()));
        }
        measure(probe, target.ref(), Duration.ofSeconds(30), asker);
        int roundTrips = 0;
        LinkProbe.Ping ping = target.expectMessageClass(LinkProbe.Ping.class);
        while (ping.load().length == 0) {
            roundTrips++;
            probe.tell(new LinkProbe.Pong(ping.number(), isTargetYoung));
            ping = target.expectMessageClass(LinkProbe.Ping.class);
        }
        return roundTrips;
    }

    @Test
    void aBriefMeasurementIsNotMadeBesideAnother() {
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();
        ActorRef<LinkProbe.Command> probe = kit.spawn(LinkProbe.create());
        TestProbe<LinkProbe.Command> target = silent();
        measure(probe, target.ref(), Duration.ofSeconds(30), asker);
        target.expectMessageClass(LinkProbe.Ping.class);

        probe.tell(new LinkProbe.Measure("a", "c", silent().ref(), true, Duration.ofSeconds(3), asker.ref()));

        asker.expectMessage(new LinkProbe.Busy("a", "c"));
    }

    @Test
    void leavesOutTheLinksOfAMemberThatHasGone() {
        TestProbe<LinkSurvey.Surveyed> owner = kit.createTestProbe();
        TestProbe<LinkProbe.Command> from = silent();
        TestProbe<LinkProbe.Command> gone = silent();
        Link good = new Link("a", "c", 1e8, 0.001);
        kit.spawn(LinkSurvey.create(
                List.of(
                        new LinkSurvey.Candidate("b", gone.ref(), "a", from.ref()),
                        new LinkSurvey.Candidate("a", from.ref(), "b", gone.ref()),
                        new LinkSurvey.Candidate("a", from.ref(), "c", silent().ref())),
                owner.ref()));
        gone.expectMessageClass(LinkProbe.Measure.class);

        gone.stop();

        LinkProbe.Measure next = from.expectMessageClass(LinkProbe.Measure.class);
        assertThat(next.to()).isEqualTo("c");
        next.replyTo().tell(new LinkProbe.Reached(good));
        owner.expectMessage(new LinkSurvey.Surveyed(List.of(good), List.of()));
    }

    @Test
    void reportsTheLinksThatWorkOneAfterTheOther() {
        TestProbe<LinkSurvey.Surveyed> owner = kit.createTestProbe();
        TestProbe<LinkProbe.Command> from = silent();
        Link good = new Link("a", "c", 1e8, 0.001);
        kit.spawn(LinkSurvey.create(
                List.of(
                        new LinkSurvey.Candidate("a", from.ref(), "b", silent().ref()),
                        new LinkSurvey.Candidate("a", from.ref(), "c", silent().ref())),
                owner.ref()));

        LinkProbe.Measure first = from.expectMessageClass(LinkProbe.Measure.class);
        from.expectNoMessage(Duration.ofMillis(20));
        first.replyTo().tell(new LinkProbe.NotReached("a", "b", "silent"));
        LinkProbe.Measure second = from.expectMessageClass(LinkProbe.Measure.class);
        first.replyTo().tell(new LinkProbe.NotReached("a", "b", "silent still"));
        owner.expectNoMessage(Duration.ofMillis(20));
        second.replyTo().tell(new LinkProbe.Reached(good));

        LinkSurvey.Surveyed surveyed = owner.receiveMessage();
        assertThat(surveyed.links()).containsExactly(good);
        assertThat(surveyed.silent()).extracting(LinkSurvey.Candidate::to).containsExactly("b");
    }

    private static void measure(
            ActorRef<LinkProbe.Command> probe,
            ActorRef<LinkProbe.Command> target,
            Duration timeout,
            TestProbe<LinkProbe.Measured> asker) {
        probe.tell(new LinkProbe.Measure("a", "b", target, false, timeout, asker.ref()));
    }

    private TestProbe<LinkProbe.Command> silent() {
        return kit.createTestProbe("silent");
    }
}
