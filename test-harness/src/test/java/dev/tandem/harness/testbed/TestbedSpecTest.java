package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tandem.config.NodePowerSettings;
import dev.tandem.config.PowerSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.harness.testbed.TestbedSpec.Group;
import dev.tandem.harness.testbed.TestbedSpec.Medium;
import dev.tandem.harness.testbed.TestbedSpec.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestbedSpecTest {

    @TempDir
    private Path folder = Path.of("");

    private TestbedSpec read(String text) throws IOException {
        return TestbedSpec.read(Files.writeString(folder.resolve("small bed.conf"), text));
    }

    @Test
    void readsMachinesAndTheNetwork() throws IOException {
        TestbedSpec spec = read(
                """
                nodes = [
                  { name = one, share = 0.5, memory = 600MiB, link = 50Mbit/s }
                  { name = two, memory = 500MiB, tandem.log.level = debug, power { idle = 2W, send = 0.5W }, core-groups = [
                    { name = big, share = 0.25, threads = 2, power { idle = 1W, busy = 4W } }
                    { name = little, share = 0.1 } ] }
                ]
                network { medium = shared, rate = 80Mbit/s }
                tandem.planner.scheme = pipeline
                """);

        assertThat(spec.name()).isEqualTo("small-bed");
        assertThat(spec.share()).isEqualTo(0.85);
        assertThat(spec.network().medium()).isEqualTo(Medium.SHARED);
        assertThat(spec.node("one").groups()).containsExactly(new Group("cpu", 0.5, 1, Optional.empty()));
        assertThat(spec.linkOf(spec.node("one"))).isEqualTo(LinkShape.megabits(50));
        assertThat(spec.linkOf(spec.node("two"))).isEqualTo(LinkShape.megabits(80));
        assertThat(spec.node("two").groups().get(0).threads()).isEqualTo(2);
        assertThat(spec.node("two").groups().get(0).power()).contains(new PowerSettings(1, 4));
        assertThat(spec.node("two").power()).isEqualTo(new NodePowerSettings(2, 0.5, 0));
        assertThat(spec.node("one").power()).isEqualTo(NodePowerSettings.NONE);
        assertThat(spec.node("two").settings().getString("tandem.log.level")).isEqualTo("debug");
        assertThat(spec.settings().getString("tandem.planner.scheme")).isEqualTo("pipeline");
    }

    @Test
    void givesTheClientALinkOfItsOwnWhateverTheMedium() throws IOException {
        String nodes = "nodes = [ { name = a, share = 0.5, memory = 1GiB } ], ";

        assertThat(read(nodes + "network.rate = 50Mbit/s").network())
                .isEqualTo(new Network(Medium.SWITCHED, LinkShape.megabits(50), LinkShape.megabits(50)));
        assertThat(read(nodes + "network { rate = 50Mbit/s, client = 1Gbit/s }").network())
                .isEqualTo(new Network(Medium.SWITCHED, LinkShape.megabits(50), LinkShape.megabits(1000)));
        assertThat(read(nodes + "network { medium = shared, rate = 50Mbit/s, client = 10Mbit/s }")
                        .network())
                .isEqualTo(new Network(Medium.SHARED, LinkShape.megabits(50), LinkShape.megabits(10)));
        assertThatThrownBy(() -> read(nodes + "network.client = fast"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("network.client")
                .hasMessageContaining("expected the rate of a link")
                .hasMessageContaining("Rates look like 100Mbit/s");
    }

    @Test
    void saysTheClientsRateWhereItDiffers() {
        LinkShape slow = LinkShape.megabits(10);
        LinkShape fast = LinkShape.megabits(100);

        assertThat(TestbedView.network(new Network(Medium.SWITCHED, slow, slow)))
                .isEqualTo("links of 10 Mbit/s on a switch");
        assertThat(TestbedView.network(new Network(Medium.SHARED, slow, fast)))
                .isEqualTo("one shared medium of 10 Mbit/s (the client's 100 Mbit/s)");
    }

    @Test
    void scalesBoards() throws IOException {
        TestbedSpec spec = read("scale = 0.01, memory-scale = 0.5, nodes = [ { name = odroid, preset = odroid-xu4 } ]");

        assertThat(spec.node("odroid").memoryBytes()).isEqualTo(512L << 20);
        assertThat(spec.node("odroid").groups())
                .extracting(Group::name, Group::share, Group::threads)
                .containsExactly(tuple("big", 140 / 1024.0, 1), tuple("little", 84 / 1024.0, 1));
        assertThat(spec.node("odroid").groups().get(0).power()).contains(new PowerSettings(0, 8.7));
        assertThat(spec.node("odroid").power()).isEqualTo(new NodePowerSettings(3.9, 0.57, 0.51));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            { share = 0.5, memory = 1GiB }                                       | expected the key name
            { name = a, memory = 1GiB }                                          | expected the key share
            { name = a, share = 0.5 }                                            | expected the key memory
            { name = a, share = 0.01, memory = 1GiB }                            | a part of a CPU of at least 0.05
            { name = a, share = 0.5, memory = 1MiB }                             | expected a size from 64MiB
            { name = a, share = 0.5, memory = 1GiB, link = fast }                | Rates look like 100Mbit/s
            { name = a, preset = raspberry-pi-6 }                                | raspberry-pi-4, raspberry-pi-5
            { name = a, preset = raspberry-pi-4 }                                | expected the key scale
            { name = a, memory = 1GiB, core-groups = [ { name = elevenchars, share = 1 } ] } | at most 9 letters
            { name = a, memory = 1GiB, share = 1, core-groups = [ { name = x, share = 1 } ] } | in the core groups
            { name = a, share = 1, memory = 1GiB }, { name = a, share = 1, memory = 1GiB } | that no other machine has
            { name = a, shares = 1, memory = 1GiB }                              | Did you mean nodes[0].share?
            { name = a, share = 1, memory = 1GiB, power { idle = 1W } } | power of the core groups as well. Maybe write
            { name = a, preset = raspberry-pi-4, share = 1, power { idle = 1W } } | power of the core groups as well
            { name = a, preset = raspberry-pi-4, power { busy = 1W } }  | unknown key
            { name = client, share = 0.5, memory = 600MiB } | client is the machine that asks
            """)
    void refusesMachines(String nodes, String told) {
        assertThatThrownBy(() -> read("nodes = [" + nodes + "]"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            node.core-groups = auto          | tandem.node.core-groups = "auto": expected nothing here: the bed sets it
            node.core-groups = auto          | itself. Machines have the keys share, core-groups and preset.
            node.power { idle = 2W }         | tandem.node.power = {"idle":"2W"}: expected nothing here
            runtime.pin-threads = true       | tandem.runtime.pin-threads = true: expected nothing here
            runtime.native-directory = /x    | tandem.runtime.native-directory = "/x": expected nothing here
            runtime.native-directory = null  | tandem.runtime.native-directory
            node.name = b                    | tandem.node.name = "b": expected nothing here
            network.host = "10.0.0.1"        | Machines have the key name, and addresses of the bed's network.
            network.port = 1                 | tandem.network.port = 1: expected nothing here
            network.seeds = ["a:1"]          | tandem.network.seeds = ["a:1"]: expected nothing here
            """)
    void refusesSettingsThatAreTheBedsOwn(String setting, String told) {
        String node = "{ name = a, share = 0.5, memory = 1GiB, tandem." + setting + " }";

        assertThatThrownBy(() -> read("nodes = [ " + node + " ]"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("small bed.conf:1: nodes[0].tandem.")
                .hasMessageContaining(told);
        assertThatThrownBy(() -> read("tandem." + setting + "\nnodes = [ { name = a, share = 0.5, memory = 1GiB } ]"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("small bed.conf:1: tandem.")
                .hasMessageContaining(told);
    }

    @Test
    void takesThePowerOfABoardOnlyWithThatOfCoreGroups() throws IOException {
        TestbedSpec spec = read(
                """
                scale = 0.01, nodes = [
                  { name = own, preset = raspberry-pi-4, share = 0.1 }
                  { name = known, preset = raspberry-pi-4, core-groups = [
                    { name = cpu, share = 0.1, power { idle = 0W, busy = 3W } } ] }
                  { name = asked, preset = raspberry-pi-4, power { idle = 1W } }
                ]
                """);

        assertThat(spec.node("own").power()).isEqualTo(NodePowerSettings.NONE);
        assertThat(spec.node("known").power()).isEqualTo(new NodePowerSettings(1.6, 0.57, 0.51));
        assertThat(spec.node("asked").power().idleWatts()).isEqualTo(1);
    }

    @Test
    void refusesABoardThatIsTooSlowForTheScale() {
        assertThatThrownBy(() -> read("scale = 0.001, nodes = [ { name = a, preset = raspberry-pi-4 } ]"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("scaled is at least 0.05 of a CPU, not 0.016");
    }

    @Test
    void refusesMoreThanTheMachineHas() throws IOException {
        TestbedSpec spec = read("nodes = [ { name = a, share = 1000, memory = 1GiB } ]");

        assertThat(TestbedRights.lackOfRoom(spec))
                .hasValueSatisfying(lack -> assertThat(lack).contains("shares of 1000.00 CPUs together"));
    }

    @Test
    void namesTheNodesThatThereAre() throws IOException {
        TestbedSpec spec = read("nodes = [ { name = a, share = 1, memory = 1GiB } ]");

        assertThatThrownBy(() -> spec.node("b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no node 'b'; there are a.");
    }

    @Test
    void isReadBackFromItsRecord() throws IOException {
        TestbedSpec spec = read(
                """
                nodes = [ { name = a, memory = 1GiB, link = 12.5MB/s, power { idle = 1.5W, send = 0.25W }, core-groups = [
                  { name = x, share = 0.3, threads = 2, power { idle = 1W, busy = 2W } } ] } ]
                network { medium = shared, rate = 20Mbit/s, client = 7.5Mbit/s }
                tandem.log.level = warn
                """);
        Calibration calibration =
                new Calibration(List.of(new Calibration.Share("a", "x", 0.3, 0.29, 0.28, 3000, 10_000, 100)), 0.05, 2);

        new BedRecord(spec, calibration, "/home", true).write(folder);

        assertThat(BedRecord.read(folder)).contains(new BedRecord(spec, calibration, "/home", true));
    }
}
