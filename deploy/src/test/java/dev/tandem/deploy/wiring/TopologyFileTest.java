package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Processor;
import dev.tandem.core.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What topology files say of machines and links. */
class TopologyFileTest extends TopologyCase {

    private static final ReferenceProfile REFERENCE =
            new ReferenceProfile(new LayerTimes("digest", List.of(0.25)), 4e9);

    private static final String RUNTIME = Profiles.RUNTIME;
    private static final Instant NOW = Instant.parse(Profiles.AT);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final ProfileUse USE = new ProfileUse(graph("digest"), RUNTIME, NOW, MONTH);

    @Test
    void readsMachinesAndLinks() {
        TopologyFile read = read(
                """
                gateway = b
                default-link { bandwidth = 100MB/s, latency = 100us }
                nodes = [
                  { name = a, memory = 1GiB, core-groups = [
                    { name = big, cpus = [4, 5], rate = 2e9 }, { name = little, threads = 3, rate = 500000000 } ] }
                  { name = b, memory = 512MiB, core-groups = [ { rate = 1e9 } ] }
                ]
                links = [ { from = a, to = b, bandwidth = 8Mbit/s, latency = 2ms, both-ways = false } ]
                """);

        Topology topology = read.topology(REFERENCE);

        assertThat(read.gateway()).isEqualTo("b");
        assertThat(topology.nodes().get(0).memoryBytes()).isEqualTo(1L << 30);
        assertThat(topology.coreGroups())
                .containsExactly(
                        group("a", "big", List.of(4, 5), 2, 2e9),
                        group("a", "little", List.of(), 3, 5e8),
                        group("b", "cpu", List.of(), 1, 1e9));
        assertThat(topology.link("a", "b")).contains(new Link("a", "b", 1e6, 0.002));
        assertThat(topology.link("b", "a")).contains(new Link("b", "a", 1e8, 0.0001));
        assertThat(topology.links()).hasSize(6);
    }

    /** A GPU leaves the CPUs to carrying. */
    @Test
    void countsNoCpusForAGpu() {
        Topology topology = read("nodes = [ { name = a, memory = 1GiB, core-groups = ["
                        + " { threads = 3, rate = 1e9 }, { name = gpu0, kind = gpu, threads = 2, rate = 1e9 } ] } ]")
                .topology(REFERENCE);

        assertThat(topology.coreGroups())
                .extracting(CoreGroup::kind)
                .containsExactly(CoreGroup.Kind.CPU, CoreGroup.Kind.GPU);
        assertThat(topology.nodes().get(0).processor().cpus()).isEqualTo(3);
    }

    @Test
    void readsTheChannelsThatLinksShare() {
        Topology topology = read(NODES
                        + "default-link { bandwidth = 100MB/s }\n"
                        + "links = [ { from = a, to = b, bandwidth = 1MB/s, media = [air, mesh] },"
                        + " { from = a, to = outside, bandwidth = 1MB/s, media = air, both-ways = false } ]")
                .topology(REFERENCE);

        assertThat(topology.link("a", "b")).contains(new Link("a", "b", 1e6, 0, List.of("air", "mesh")));
        assertThat(topology.link("b", "a")).contains(new Link("b", "a", 1e6, 0, List.of("air", "mesh")));
        assertThat(topology.link("a", "outside")).contains(new Link("a", "outside", 1e6, 0, List.of("air")));
        assertThat(topology.link("outside", "a")).contains(new Link("outside", "a", 1e8, 0));
        assertThat(read(NODES + "default-link { bandwidth = 20Mbit/s, media = air }")
                        .links())
                .hasSize(6)
                .allMatch(link -> link.media().equals(List.of("air")));
    }

    @Test
    void leavesPairsApartThatNothingLinks() {
        Topology topology = read(NODES + "links = [ { from = a, to = outside, bandwidth = 1Gbit/s } ]")
                .topology(REFERENCE);

        assertThat(topology.links())
                .containsExactly(new Link("a", "outside", 1.25e8, 0), new Link("outside", "a", 1.25e8, 0));
        assertThat(read(NODES).gateway()).isEqualTo("a");
    }

    @Test
    void readsJson() throws IOException {
        Path file = Files.writeString(
                folder.resolve("topology.json"),
                """
                {"nodes": [{"name": "a", "memory": 1073741824, "core-groups": [{"rate": 2000000000}]}]}
                """);

        assertThat(TopologyFile.read(file).machines()).hasSize(1);
    }

    @Test
    void takesTheRateOfAMeasuredCoreGroupFromItsProfile() throws IOException {
        Files.write(
                folder.resolve("slow.json"), Profiles.of("digest", "cpu", 1.0).write());

        TopologyFile read =
                read("nodes = [ { name = a, memory = 1GiB, core-groups = [ { threads = 4, profile = slow.json } ] } ]");

        // Four times as slow as the reference of 4e9.
        assertThat(read.topology(REFERENCE).coreGroups().get(0).multiplyAddsPerSecond())
                .isCloseTo(1e9, within(1.0));
    }

    @Test
    void takesTheCoreGroupOfAProfileByNameOrTheOnlyOne() throws IOException {
        ProfileJson both = new ProfileJson(
                ProfileJson.FORMAT, "m", "digest", List.of(Profiles.group("big", 1.0), Profiles.group("little", 2.0)));
        Files.write(folder.resolve("both.json"), both.write());
        TopologyFile read = read("nodes = [ { name = a, memory = 1GiB, core-groups = ["
                + " { name = little, profile = both.json }, { name = big, profile = both.json } ] } ]");

        Map<CoreGroupId, Profile> profiles = read.profiles(USE);

        assertThat(profiles)
                .containsEntry(new CoreGroupId("a", "little"), both.profile(Profiles.group("little", 2.0)))
                .containsEntry(new CoreGroupId("a", "big"), both.profile(Profiles.group("big", 1.0)));
        assertThat(problems("nodes = [ { name = a, memory = 1GiB, core-groups = [ { profile = both.json } ] } ]"))
                .singleElement()
                .asString()
                .contains("has core groups [big, little], expected one named cpu");
    }

    @Test
    void givesMachinesTheProfilesOfTheCommandLine() {
        ProfileJson profile = Profiles.of("digest", "any", 3.0);

        TopologyFile with = read(NODES).withProfile(ProfileOption.parse("b=b.json"), profile);

        assertThat(with.profiles(USE)).containsOnlyKeys(new CoreGroupId("b", "cpu"));
        assertThat(read(NODES).hasGroup(ProfileOption.parse("b/cpu=b.json"))).isTrue();
        assertThat(read(NODES).hasGroup(ProfileOption.parse("b/gpu=b.json"))).isFalse();
        assertThat(read(NODES).hasGroup(ProfileOption.parse("c=b.json"))).isFalse();
        assertThat(read(NODES).places()).containsExactly("a/cpu", "b/cpu");
        assertThat(ProfileOption.parse("b.json")).isEqualTo(new ProfileOption(null, null, Path.of("b.json")));
    }

    @Test
    void refusesStaleProfiles() throws IOException {
        Files.write(
                folder.resolve("slow.json"), Profiles.of("digest", "cpu", 1.0).write());
        TopologyFile read = read("nodes = [ { name = a, memory = 1GiB, core-groups = [ { profile = slow.json } ] } ]");

        assertThatThrownBy(() -> read.profiles(new ProfileUse(graph("digest-2"), RUNTIME, NOW, MONTH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("slow.json is of model m with digest digest", "digest-2", "tandem profile");
        assertThatThrownBy(() -> read.profiles(new ProfileUse(graph("digest"), "9.9.9", NOW, MONTH)))
                .hasMessageContainingAll("ONNX Runtime " + RUNTIME + ", expected 9.9.9", "tandem profile");
        assertThatThrownBy(() ->
                        read.profiles(new ProfileUse(graph("digest"), RUNTIME, NOW.plus(Duration.ofDays(31)), MONTH)))
                .hasMessageContainingAll("31 days ago", Profiles.AT, "expected at most 30", "--max-age");
        assertThat(read.profiles(new ProfileUse(graph("digest"), RUNTIME, NOW.plus(MONTH), MONTH)))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"five-boards.conf", "hidp-boards.conf"})
    void readsEveryExample(String name) {
        Topology topology = TopologyFile.read(Path.of("conf", name)).topology(REFERENCE);

        int places = topology.nodes().size() + 1;
        assertThat(topology.links()).hasSize(places * (places - 1));
        assertThat(topology.nodesWithoutPower()).isEmpty();
    }

    @Test
    void readsPower() {
        Topology topology =
                read("nodes = [ { name = a, memory = 1GiB, power { idle = 1.5W, send = 500mW }, core-groups = ["
                                + " { rate = 1e9, power { idle = 250mW, busy = 4 } } ] }, " + B + " ]")
                        .topology(REFERENCE);

        assertThat(topology.nodes().get(0).power()).isEqualTo(new NodePower(1.5, 0.5, 0));
        assertThat(topology.coreGroups().get(0).power()).contains(new Power(0.25, 4));
        assertThat(topology.nodesWithoutPower()).containsExactly("b");
    }

    @Test
    void readsWhatComputingAndCarryingShare() {
        TopologyFile read = read(
                """
                nodes = [
                  { name = a, memory = 1GiB, core-groups = [ { threads = 3, rate = 2e9 } ] }
                  { name = b, memory = 1GiB, core-groups = [ { rate = 1e9 } ], processor { machine = host, cpus = 8,
                    carrying { request = 1ms, frame = 500us, bandwidth = 100MB/s } } }
                  { name = c, memory = 1GiB, core-groups = [ { rate = 1e9 } ], processor { machine = host, cpus = 8 } }
                ]
                """);

        assertThat(read.topology(REFERENCE).nodes().stream().map(Node::processor))
                .containsExactly(
                        new Processor("a", 3, Carrying.PRESET),
                        new Processor("host", 8, new Carrying(1e-3, 500e-6, 1e-8)),
                        new Processor("host", 8, Carrying.PRESET));
    }

    @Test
    void takesWhatAMachineLeavesOpenFromItsPreset() {
        Topology topology =
                read("""
                        nodes = [
                          { name = a, preset = raspberry-pi-4 }
                          { name = b, preset = odroid-xu4, memory = 512MiB, power { idle = 4W } }
                          { name = c, preset = jetson-nano, core-groups = [ { rate = 1e9, power { idle = 1W, busy = 2W } } ] }
                          { name = d, preset = jetson-agx-xavier }
                          { name = e, preset = jetson-nano, core-groups = [ { rate = 1e9 } ] }
                        ]
                        """)
                        .topology(REFERENCE);

        Node pi = topology.nodes().get(0);
        assertThat(pi.memoryBytes()).isEqualTo(2L << 30);
        assertThat(pi.coreGroups()).hasSize(1);
        assertThat(pi.coreGroups().get(0).multiplyAddsPerSecond()).isEqualTo(15.6e9);
        assertThat(pi.coreGroups().get(0).threads()).isEqualTo(4);
        assertThat(pi.hasPower()).isTrue();
        Node odroid = topology.nodes().get(1);
        assertThat(odroid.memoryBytes()).isEqualTo(512L << 20);
        assertThat(odroid.coreGroups()).hasSize(2);
        assertThat(odroid.power()).isEqualTo(new NodePower(4, 0.57, 0.51));
        assertThat(topology.nodes().get(2).coreGroups()).hasSize(1);
        assertThat(topology.nodesWithoutPower()).containsExactly("d", "e");
    }

    @Test
    void readsEveryPreset() {
        assertThat(BoardPresets.names()).hasSize(8).allSatisfy(name -> {
            Node board = read("nodes = [ { name = a, preset = " + name + " } ]")
                    .topology(REFERENCE)
                    .nodes()
                    .get(0);
            // What is known of this one is no power.
            assertThat(board.hasPower()).isEqualTo(!name.equals("jetson-agx-xavier"));
        });
    }

    private static CoreGroup group(String node, String name, List<Integer> cpus, int threads, double rate) {
        return new CoreGroup(new CoreGroupId(node, name), CoreGroup.Kind.CPU, cpus, threads, rate);
    }

    private static ModelGraph graph(String digest) {
        TensorSpec in = new TensorSpec("in", ElementType.FLOAT, List.of(1, 1, 8, 8));
        TensorSpec out = new TensorSpec("out", ElementType.FLOAT, List.of(1, 1, 8, 8));
        Layer layer = new Layer(0, "l", "Relu", List.of("in"), List.of("out"), 1_000_000_000, 0, new Pointwise());
        return new ModelGraph("m", digest, List.of(in), List.of(out), List.of(layer), Map.of("in", in, "out", out));
    }
}
