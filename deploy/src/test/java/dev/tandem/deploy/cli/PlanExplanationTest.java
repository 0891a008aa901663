package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class PlanExplanationTest {

    private static final String BOARDS = Path.of("conf", "five-boards.conf").toString();
    private static final Pattern FONT_SIZE = Pattern.compile("font-size:(\\d+)px");
    /** Of letters of usual fonts, in units of the size. */
    private static final double LETTER = 0.54;

    private static Path folder = Path.of("");
    private static String graph = "";

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    /** A text and where it is. */
    private record Text(String words, Rectangle2D place) {}

    @BeforeAll
    static void writeGraph(@TempDir Path directory) throws IOException {
        folder = directory;
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run("graph", file.toString(), "--json")).isEqualTo(ExitCode.OK);
        graph = Files.writeString(folder.resolve("graph.json"), terminal.out()).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--scheme single",
                "--scheme pipeline --nodes 3 --objective latency",
                "--scheme rows --shards 4",
                "--scheme lanes --nodes 2",
                "--objective energy-delay",
                "--objective latency"
            })
    void takesAPlanApartInAHundredColumns(String arguments) {
        assertThat(plan(arguments + " --explain")).as(captured.err()).isEqualTo(ExitCode.OK);

        assertThat(captured.out())
                .contains("begin ms", "At full throughput", "100 %  ####################")
                .contains("idle mJ alone", "pi-3", "512 MiB")
                .containsPattern("Bound: no plan has less than [0-9.]+ m[sJ]")
                .contains("rows of one layer are divided without loss")
                .containsPattern("(?m)^\\* ")
                .contains("single", "pipeline over", "rows over", "lanes", "(published)")
                .doesNotContain("Considered:");
        assertThat(captured.out().lines().filter(line -> line.length() > 100)).isEmpty();
    }

    @Test
    void takesAPlanApartAsJsonThatIsStillAPlan() throws IOException {
        assertThat(plan("--explain --json --scheme pipeline --nodes 2")).isEqualTo(ExitCode.OK);

        JsonNode read = new ObjectMapper().readTree(captured.out());
        PlanJson plan = PlanJson.read(captured.out().getBytes(StandardCharsets.UTF_8));
        JsonNode explain = read.get("explain");
        assertThat(plan.plan().lanes()).hasSize(1);
        assertThat(explain.at("/periodSeconds").asDouble()
                        * read.at("/predicted/throughputPerSecond").asDouble())
                .isBetween(1 - 1e-9, 1 + 1e-9);
        assertThat(explain.at("/bottleneck/busy").asDouble()).isEqualTo(1);
        assertThat(explain.at("/bound/gap").asDouble()).isNotNegative();
        assertThat(explain.at("/bound/lowerBound").asDouble()).isPositive();
        assertThat(explain.at("/shards")).hasSize(2);
        assertThat(explain.at("/shards/0/beginSeconds").asDouble()).isPositive();
        assertThat(explain.at("/edges/0/producer").asText()).isEqualTo("gateway");
        assertThat(explain.at("/resources/0/name").asText())
                .isEqualTo(explain.at("/bottleneck/name").asText());
        assertThat(explain.at("/nodes")).hasSize(5);
        assertThat(explain.at("/nodes/0/energy/activeJoules").isNumber()).isTrue();
        assertThat(explain.at("/schemes/0/chosen").asBoolean()).isTrue();
        assertThat(explain.at("/schemes/0/ratio").asDouble()).isEqualTo(1);
    }

    @Test
    void saysNothingOfEnergyWherePowerIsNotKnown() throws IOException {
        Path bare = Files.writeString(
                folder.resolve("bare.conf"),
                "nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 9e9 } ] } ]");

        assertThat(captured.run("plan", "--graph", graph, "--topology", bare.toString(), "--explain"))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.out())
                .contains("Nothing travels between nodes.", "2 stages need as many nodes, but there are 1")
                .doesNotContain("mJ", "nergy of", "GPUs");
    }

    @Test
    void showsWhichCoreGroupsAreGpus() throws IOException {
        Path mixed = Files.writeString(
                folder.resolve("mixed.conf"),
                "nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 9e9 },"
                        + " { name = gpu0, kind = gpu, rate = 90e9 } ] } ]");
        Path svg = folder.resolve("mixed.svg");
        String[] arguments = {"plan", "--graph", graph, "--topology", mixed.toString(), "--explain"};

        assertThat(captured.run(Stream.concat(Stream.of(arguments), Stream.of("--svg", svg.toString()))
                        .toArray(String[]::new)))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.out()).containsPattern("(?m)^node +GPUs +memory").containsPattern("(?m)^a +gpu0 ");
        assertThat(Files.readString(svg)).contains("gpu0 (gpu)  90");

        CapturedTerminal json = CapturedTerminal.unwatched();
        assertThat(json.run(
                        Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new)))
                .isEqualTo(ExitCode.OK);
        JsonNode groups = new ObjectMapper().readTree(json.out()).at("/explain/nodes/0/coreGroups");
        assertThat(groups.toString())
                .isEqualTo("[{\"name\":\"cpu\",\"kind\":\"cpu\"},{\"name\":\"gpu0\",\"kind\":\"gpu\"}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--scheme single",
                "--scheme pipeline --nodes 5",
                "--scheme rows --shards 4",
                "--scheme lanes --nodes 2",
                "--scheme lanes"
            })
    void drawsTextsBesideEachOther(String arguments) throws Exception {
        Path svg = folder.resolve("plan.svg");

        assertThat(plan(arguments + " --svg " + svg)).as(captured.err()).isEqualTo(ExitCode.OK);

        List<Text> texts = texts(svg);
        assertThat(texts.stream().map(Text::words))
                .anyMatch(words -> words.startsWith("mini: "))
                .anyMatch(words -> words.startsWith("memory "))
                .anyMatch(words -> words.matches("gateway \u2192 .* at 941 Mbit/s"))
                .anyMatch(words -> words.startsWith("One request"))
                .anyMatch(words -> words.startsWith("At full throughput"))
                .contains("outside", "pi-5", "gateway; runs nothing");
        for (int one = 0; one < texts.size(); one++) {
            for (Text other : texts.subList(one + 1, texts.size())) {
                assertThat(texts.get(one).place().intersects(other.place()))
                        .as("%s over %s", texts.get(one), other)
                        .isFalse();
            }
        }
    }

    @Test
    void writesThePictureInPlaceOfAnOldOneAndLeavesNothingBeside() throws IOException {
        Path own = Files.createDirectory(folder.resolve("own"));
        Path svg = Files.writeString(own.resolve("plan.svg"), "what was there");

        assertThat(plan("--svg " + svg)).isEqualTo(ExitCode.OK);

        assertThat(Files.readString(svg)).contains("<svg", "</svg").doesNotContain("what was there");
        try (Stream<Path> files = Files.list(own)) {
            assertThat(files).containsExactly(svg);
        }
    }

    @Test
    void refusesPicturesThatCannotBeWritten() {
        String told = "must be a file in a folder that can be written to";

        assertThat(plan("--svg " + folder)).isEqualTo(ExitCode.USAGE);
        assertThat(captured.err()).contains("--svg (" + folder + ") " + told);
        CapturedTerminal second = CapturedTerminal.unwatched();
        assertThat(second.run("plan", "--graph", graph, "--topology", BOARDS, "--svg", folder + "/none/plan.svg"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(second.err()).contains(told);
    }

    private ExitCode plan(String arguments) {
        List<String> all = new ArrayList<>(List.of("plan", "--graph", graph, "--topology", BOARDS));
        all.addAll(List.of(arguments.split(" ", -1)));
        return captured.run(all.toArray(String[]::new));
    }

    private static List<Text> texts(Path svg) throws IOException, ParserConfigurationException, SAXException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        NodeList elements = factory.newDocumentBuilder().parse(svg.toFile()).getElementsByTagName("text");
        List<Text> texts = new ArrayList<>();
        for (int index = 0; index < elements.getLength(); index++) {
            Element text = (Element) elements.item(index);
            double size = fontSize(text);
            double x = Double.parseDouble(text.getAttribute("x"));
            double y = Double.parseDouble(text.getAttribute("y"));
            String words = text.getTextContent();
            texts.add(new Text(
                    words, new Rectangle2D.Double(x, y - 0.75 * size, words.length() * size * LETTER, 0.75 * size)));
        }
        return texts;
    }

    /** The element's own, or the nearest one's around it. */
    private static double fontSize(Element element) {
        Matcher matcher = FONT_SIZE.matcher(element.getAttribute("style"));
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : fontSize((Element) element.getParentNode());
    }
}
