package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tandem.harness.testbed.TestbedSpec.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real threads in real control groups. How near they come on a machine that does nothing else is a measurement. */
class CalibratorIT {

    private static final long LIMIT = 64L << 20;

    private final BedNames names = BedNames.next();

    @BeforeEach
    void needsRights() {
        assumeThat(TestbedRights.missingForBed())
                .as("what is missing to limit CPUs")
                .isEmpty();
    }

    @AfterEach
    void removeGroups() {
        Leftovers.remove(names::has);
        assertThat(ControlGroupTree.ofMachine().existing()).noneMatch(names::has);
    }

    @Test
    void limitsEachCoreGroupOfOneProcessByItself() {
        ControlGroupTree tree = ControlGroupTree.ofMachine();
        tree.makeNode(names.node(0), LIMIT);
        List<Calibrator.Target> targets = List.of(target(0, 0.3), target(1, 0.1));
        targets.forEach(target -> tree.makeCoreGroup(target.nodeName(), target.name()));

        Calibration reached = new Calibrator(tree, Duration.ofMillis(400), 3).run(targets);

        assertThat(reached.groups()).extracting(Calibration.Share::asked).containsExactly(0.3, 0.1);
        // Whatever else the machine does, no quota is exceeded.
        assertThat(reached.groups())
                .allSatisfy(share -> assertThat(share.time()).isBetween(share.asked() / 3, share.asked() * 1.6));
        assertThat(tree.cpuSeconds(names.node(0), names.group(0, 0))).isPositive();
        assertThat(tree.threads(names.node(0), names.group(0, 0))).isEmpty();
    }

    @Test
    void runsThingsOnTheCpusThatTheyArePlacedOn() {
        assumeThat(Mounts.ofProcess().controller("cpuset"))
                .as("control groups that choose CPUs")
                .isPresent();
        ControlGroupTree tree = ControlGroupTree.ofMachine();
        int cpu = CpuPlaces.available().get(0);
        tree.makeNode(names.node(0), LIMIT);
        tree.place(names.node(0), List.of(cpu));
        List<String> shown = new ArrayList<>(tree.launchWith(names.node(0)));
        shown.addAll(List.of("grep", "Cpus_allowed_list", "/proc/self/status"));

        assertThat(Tool.run(shown.toArray(String[]::new))).endsWith("\t" + cpu);

        tree.place(names.node(0), CpuPlaces.available());
        assertThat(Tool.run(shown.toArray(String[]::new)))
                .isEqualTo(Tool.run("grep", "Cpus_allowed_list", "/proc/self/status"));
    }

    private Calibrator.Target target(int group, double share) {
        return new Calibrator.Target(
                "node", names.node(0), names.group(0, group), new Group("g" + group, share, 1, Optional.empty()));
    }
}
