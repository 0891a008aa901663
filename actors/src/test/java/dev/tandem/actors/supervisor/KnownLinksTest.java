package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.node.LinkProbe;
import dev.tandem.core.topology.Link;
import java.util.Map;
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
        links.add(new Link("a", "b", 1e8, 0.001));

        assertThat(links.unknown(probes)).extracting(LinkSurvey.Candidate::from).containsExactly("b");
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
