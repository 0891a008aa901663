package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.core.adapt.MoveRule;
import dev.tandem.core.adapt.MoveVerdict;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionFileTest {

    private static final Look.Subject SUBJECT =
            new Look.Subject("d1", "{}", new ReferenceProfile(new LayerTimes("d1", List.of(0.001)), 1e9));
    private static final Look.Subject OTHER =
            new Look.Subject("d2", "x".repeat(1000), new ReferenceProfile(new LayerTimes("d2", List.of(0.001)), 1e9));

    @TempDir
    private Path folder = Path.of("");

    private Path path = Path.of("");

    @BeforeEach
    void choose() {
        path = folder.resolve("decisions.jsonl");
    }

    @Test
    void readsWhatItHasWritten() throws IOException {
        DecisionFile file = new DecisionFile(path);

        file.add(SUBJECT, look("d1"));
        file.add(SUBJECT, look("d1"));
        file.add(OTHER, look("d2"));

        assertThat(DecisionFile.read(path)).containsExactly(SUBJECT, look("d1"), look("d1"), OTHER, look("d2"));
    }

    @Test
    void aNewWriterRepeatsTheModel() throws IOException {
        new DecisionFile(path).add(SUBJECT, look("d1"));

        new DecisionFile(path).add(SUBJECT, look("d1"));

        assertThat(DecisionFile.read(path)).containsExactly(SUBJECT, look("d1"), SUBJECT, look("d1"));
    }

    @Test
    void putsAsideWhatHasGrownTooLarge() throws IOException {
        DecisionFile file = new DecisionFile(path);
        file.add(SUBJECT, look("d1"));
        Files.writeString(path, " ".repeat((int) DecisionFile.MOST_BYTES), StandardOpenOption.APPEND);

        file.add(SUBJECT, look("d1"));

        assertThat(DecisionFile.read(path)).containsExactly(SUBJECT, look("d1"));
        assertThat(DecisionFile.aside(path)).exists();
    }

    @Test
    void leavesOutLinesThatWereCutOffAndRefusesAnyOther() throws IOException {
        new DecisionFile(path).add(SUBJECT, look("d1"));
        Files.writeString(path, "{\"line\": \"look\", \"epo", StandardOpenOption.APPEND);
        assertThat(DecisionFile.read(path)).containsExactly(SUBJECT, look("d1"));
        new DecisionFile(path).add(SUBJECT, look("d1"));
        assertThat(DecisionFile.read(path)).containsExactly(SUBJECT, look("d1"), SUBJECT, look("d1"));

        Files.writeString(path, "nonsense\n{}\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> DecisionFile.read(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path + ":6: is no line of a recording of decisions");
    }

    @Test
    void refusesARecordingWithoutItsModelOrWithoutLooks() throws IOException {
        new DecisionFile(path).add(OTHER, look("d1"));
        assertThatThrownBy(() -> Replay.of(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has looks at model m and not the model");

        Files.writeString(path, "");

        assertThatThrownBy(() -> Replay.of(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no looks at a plan");
    }

    private static Look look(String digest) {
        CoreGroup group = new CoreGroup(new CoreGroupId("a", "cpu"), CoreGroup.Kind.CPU, List.of(0), 1, 1e9);
        PlanOrder order = new PlanOrder(
                Scheme.AUTO, Objective.THROUGHPUT, 2, 2, Constraints.NONE, Optional.empty(), Codec.EXACT, Halo.CHOSEN);
        return new Look(
                1000,
                3,
                "m",
                digest,
                "gateway",
                order,
                order,
                new Topology(
                        List.of(new Node("a", 1L << 30, List.of(group))),
                        List.of(new Link("gateway", "a", 1e8, 0.001))),
                RuntimeCosts.NONE,
                TestPlans.chain("m", "a"),
                List.of(),
                new MoveRule(0.15, Duration.ofMinutes(1)),
                Duration.ofSeconds(10),
                new MoveVerdict(false, "it saves little"));
    }
}
