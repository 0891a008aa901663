package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tandem.harness.testbed.TestbedSpec.Medium;
import dev.tandem.harness.testbed.TestbedSpec.Network;
import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real packets in real namespaces. */
class BedNetworkIT {

    private static final long BYTES = 4_000_000;
    private static final LinkShape RATE = LinkShape.megabits(100);
    private static final LinkShape HALF = LinkShape.megabits(50);
    private static final LinkShape QUARTER = LinkShape.megabits(25);

    private final BedNames names = BedNames.next();
    private final BedNetwork network = new BedNetwork(names, 2);

    @BeforeEach
    void makeNetwork() throws Exception {
        assumeThat(TestbedRights.missing())
                .as("what is missing to make network namespaces")
                .isEmpty();
        Leftovers.sweep();
        network.make();
        for (int place = BedNetwork.CLIENT; place <= 2; place++) {
            BufferedReader output = start(place, "serve").inputReader();
            assertThat(output.readLine()).isEqualTo("ready");
        }
    }

    @AfterEach
    void removeNetwork() {
        Leftovers.remove(names::has);
        assertThat(Namespaces.owned()).noneMatch(names::has);
    }

    @Test
    void carriesWhatTheLinksOfASwitchCarryAndLosesWhatIsCut() throws Exception {
        network.shape(new Network(Medium.SWITCHED, RATE, QUARTER), List.of(RATE, HALF));

        // The first node's link is free for the client while the second node receives.
        List<Process> sending = List.of(
                start(BedNetwork.CLIENT, "send", address(1), "" + BYTES), start(1, "send", address(2), "" + BYTES));

        assertThat(megabits(sending.get(0))).isBetween(20.0, 25.0);
        assertThat(megabits(sending.get(1))).isBetween(40.0, 50.0);
        assertThat(megabits(start(1, "send", address(BedNetwork.CLIENT), "" + BYTES)))
                .isBetween(20.0, 25.0);

        network.cut(Set.of(1), Set.of(2));
        assertThat(reaches(1, 2)).isFalse();
        assertThat(reaches(2, 1)).isFalse();
        assertThat(reaches(BedNetwork.CLIENT, 2)).isTrue();
        network.heal();
        network.heal();
        assertThat(reaches(1, 2)).isTrue();
    }

    @Test
    void sharesOneMediumAmongAll() throws Exception {
        network.shape(new Network(Medium.SHARED, RATE, RATE), List.of(LinkShape.UNSHAPED, LinkShape.UNSHAPED));

        List<Process> sending = new ArrayList<>();
        long start = System.nanoTime();
        sending.add(start(1, "send", address(2), "" + BYTES));
        sending.add(start(2, "send", address(1), "" + BYTES));
        for (Process process : sending) {
            assertThat(megabits(process)).isPositive();
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(2 * BYTES * 8 / seconds / 1e6).isLessThan(100);
        network.shapeMedium(HALF);
        assertThat(megabits(start(1, "send", address(2), "" + BYTES))).isBetween(40.0, 50.0);
    }

    private static String address(int place) {
        return BedNetwork.address(place);
    }

    private boolean reaches(int from, int to) throws Exception {
        return Boolean.parseBoolean(result(start(from, "reach", address(to))));
    }

    private static double megabits(Process sender) throws Exception {
        return BYTES * 8 / Double.parseDouble(result(sender)) / 1e6;
    }

    private static String result(Process process) throws Exception {
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            assertThat(process.waitFor()).isZero();
            return String.valueOf(line);
        }
    }

    private Process start(int place, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Traffic.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(Namespaces.inside(network.namespace(place), command))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
