package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.core.topology.Link;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class KnownLinksTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final KnownLinks links = new KnownLinks(nanos::get);
    private final Map<String, ActorRef<LinkProbe.Command>> probes = Map.of("a", probe(), "b", probe());

    @Test
    void asksForWhatHasNotBeenMeasured() {
        links.add(new Link("a", "b", 1e7, 0.001));

        assertThat(links.unknown(probes)).extracting(LinkSurvey.Candidate::from).containsExactly("b");
    }

    @Test
    void measuresFastLinksOnceMoreAndKeepsTheBetterFigures() {
        links.add(new Link("a", "b", 1e8, 0.001));
        links.add(new Link("b", "a", 1e8, 0.001));
        assertThat(links.unknown(probes)).hasSize(2);

        links.add(new Link("a", "b", 5e8, 0.002));
        links.add(new Link("b", "a", 0.5e8, 0.0002));

        assertThat(links.unknown(probes)).isEmpty();
        assertThat(links.all())
                .containsExactlyInAnyOrder(new Link("a", "b", 5e8, 0.001), new Link("b", "a", 1e8, 0.0002));
    }

    @Test
    void remembersWhatLinksOfLostNodesWereUntilTheyAreMeasuredAgain() {
        links.add(new Link("a", "b", 1e7, 0.001));
        links.add(new Link("b", "gateway", 1e7, 0.001));

        links.lose("b");
        links.lose("b");
        assertThat(links.all()).isEmpty();
        assertThat(links.allOrFormer(place -> true)).hasSize(2);
        assertThat(links.unknown(probes)).hasSize(2);

        assertThat(links.allOrFormer(Set.of("a", "b")::contains)).hasSize(1);
        links.forget("b");
        assertThat(links.allOrFormer(place -> true)).hasSize(2);
        links.forget("gateway");
        links.add(new Link("a", "b", 0.5e7, 0.002));
        assertThat(links.allOrFormer(place -> true)).containsExactly(new Link("a", "b", 0.5e7, 0.002));
    }

    @Test
    void whatAnotherHasMeasuredCountsWhereNothingElseIsKnownAndNobodyIsSilent() {
        links.add(new Link("a", "b", 1e7, 0.001));

        links.recall(List.of(new Link("a", "b", 0.5e7, 0.001), new Link("b", "a", 0.5e7, 0.001)));
        assertThat(links.allOrFormer(place -> true))
                .containsExactly(new Link("a", "b", 1e7, 0.001), new Link("b", "a", 0.5e7, 0.001));

        links.addSilent("b", "a");
        links.recall(List.of(new Link("b", "a", 0.5e7, 0.001)));
        assertThat(links.allOrFormer(place -> true)).containsExactly(new Link("a", "b", 1e7, 0.001));
    }

    @Test
    void takesALinkForSlowOnlyWhereItIsMuchSlower() {
        links.add(new Link("a", "b", 1e7, 0.001));

        assertThat(links.correct(new Link("a", "b", 0.4e7, 0.1))).isFalse();
        assertThat(links.correct(new Link("a", "b", 0.1e7, 0.1))).isTrue();
        assertThat(links.all()).containsExactly(new Link("a", "b", 0.1e7, 0.001));
        assertThat(links.slowed()).containsExactly(new KnownLinks.Ends("a", "b"));
    }

    @Test
    void takesASlowLinkForFastAgainByAndBy() {
        links.add(new Link("a", "b", 1e7, 0.001));
        links.correct(new Link("a", "b", 0.1e7, 0.001));

        assertThat(links.correct(new Link("a", "b", 0.14e7, 0.001))).isFalse();
        assertThat(links.correct(new Link("a", "b", 0.3e7, 0.001))).isTrue();
        assertThat(links.all()).containsExactly(new Link("a", "b", 0.3e7, 0.001));
        assertThat(links.correct(new Link("a", "b", 0.8e7, 0.001))).isTrue();
        assertThat(links.all()).as("as it was").containsExactly(new Link("a", "b", 1e7, 0.001));
        assertThat(links.slowed()).isEmpty();
        assertThat(links.correct(new Link("a", "b", 5e7, 0.001))).isFalse();
    }

    @Test
    void looksOnlyAtLinksThatAreKnown() {
        links.add(new Link("a", "b", 1e7, 0.001));

        assertThat(links.among(Set.of(new KnownLinks.Ends("a", "b"), new KnownLinks.Ends("b", "a")), probes))
                .extracting(LinkSurvey.Candidate::from)
                .containsExactly("a");
        assertThat(links.correct(new Link("b", "a", 1, 0.001))).isFalse();
    }

    @Test
    void measuresAnewWhatHasComeAgain() {
        links.add(new Link("a", "b", 1e8, 0.001));
        links.forget("b");
        links.add(new Link("a", "b", 0.6e8, 0.001));

        assertThat(links.all()).containsExactly(new Link("a", "b", 0.6e8, 0.001));
    }

    @Test
    void measuresSoManyAgainAtATimeThatAnOrderIsNotHeldUp() {
        Map<String, ActorRef<LinkProbe.Command>> many = new TreeMap<>();
        for (int place = 0; place < 8; place++) {
            many.put("place-" + place, probe());
        }
        many.keySet().forEach(from -> many.keySet().stream()
                .filter(to -> !to.equals(from))
                .forEach(to -> links.add(new Link(from, to, 1e9, 0.0001))));

        assertThat(links.unknown(many)).hasSize(KnownLinks.MOST_AGAIN);
    }

    @Test
    void doesNotAskAgainForAWhileWhatDidNotAnswer() {
        links.addSilent("a", "b");
        links.addSilent("b", "a");
        assertThat(links.unknown(probes)).isEmpty();

        nanos.addAndGet(KnownLinks.SILENCE_HOLDS.toNanos());

        assertThat(links.unknown(probes)).hasSize(2);
    }

    @Test
    void asksAtOnceWhenAMemberHasComeAgain() {
        links.addSilent("a", "b");
        links.addSilent("b", "a");

        links.forget("b");

        assertThat(links.unknown(probes)).hasSize(2);
    }

    private static ActorRef<LinkProbe.Command> probe() {
        return TestInbox.<LinkProbe.Command>create().getRef();
    }
}
