package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tandem.core.cost.Profile;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.ProfileJson;
import dev.tandem.inference.runtime.ExecutionProvider;
import dev.tandem.inference.runtime.OnnxRuntime;
import dev.tandem.inference.runtime.Providers;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileCommandTest {

    private static final String BOARDS = Path.of("conf", "five-boards.conf").toString();

    private static Path folder = Path.of("");
    private static String model = "";
    private static String other = "";
    private static String profile = "";

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @BeforeAll
    static void measure(@TempDir Path directory) throws IOException {
        folder = directory;
        model = write("mini.onnx", ZooOptions.defaults());
        other = write("other.onnx", ZooOptions.defaults().withSeed(2));
        profile = folder.resolve("profile.json").toString();
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run(
                        "profile",
                        model,
                        "-o",
                        profile,
                        "--quick",
                        "--repeat",
                        "1",
                        "--threads",
                        "1",
                        "--cores",
                        "one=0"))
                .isEqualTo(ExitCode.OK);
        assertThat(terminal.out()).contains("core group", "one", "a cut ms", "1/4 rate", "written to " + profile);
    }

    @Test
    void writesWhatWasMeasuredAndWhereAndWhen() throws IOException {
        ProfileJson read = ProfileJson.read(Files.readAllBytes(Path.of(profile)));

        ProfileJson.Group group = read.fastest();
        assertThat(read.groups()).hasSize(1);
        assertThat(group.name()).isEqualTo("one");
        assertThat(group.origin().threads()).isEqualTo(1);
        assertThat(group.origin().runtimeVersion()).isEqualTo(OnnxRuntime.version());
        assertThat(Duration.between(group.measuredAt(), Instant.now())).isLessThan(Duration.ofHours(1));
        assertThat(group.quality().repetitions()).isPositive();
        assertThat(group.costs().secondsPerCall()).isPositive();
        try (var files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith(".profile-"));
        }
    }

    @Test
    void plansFromTheProfileWithoutMeasuring() throws IOException {
        String topology = Files.writeString(
                        folder.resolve("one.conf"),
                        "nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 1e9 } ] } ]")
                .toString();

        assertThat(captured.run(
                        "plan",
                        model,
                        "--topology",
                        topology,
                        "--profile",
                        "a=" + profile,
                        "--profile",
                        profile,
                        "--json"))
                .isEqualTo(ExitCode.OK);

        assertThat(captured.err()).doesNotContain("measuring");
        ProfileJson read = ProfileJson.read(Files.readAllBytes(Path.of(profile)));
        Profile measured = read.profile(read.fastest());
        assertThat(PlanJson.read(captured.out().getBytes(StandardCharsets.UTF_8))
                        .predicted()
                        .latencySeconds())
                .isBetween(measured.wholeSeconds(), measured.wholeSeconds() + 0.001);
    }

    @Test
    void printsTheProfileAsJson() {
        String file = folder.resolve("json.json").toString();

        assertThat(captured.run("profile", model, "-o", file, "--quick", "--repeat", "1", "--cores", "0", "--json"))
                .isEqualTo(ExitCode.OK);

        assertThat(ProfileJson.read(captured.out().getBytes(StandardCharsets.UTF_8))
                        .fastest()
                        .name())
                .isEqualTo("group-1");
    }

    @Test
    void refusesStaleProfilesForPlans() throws IOException {
        assertRefused("but the model is", "plan", other, "--topology", BOARDS, "--profile", profile);
        ProfileJson read = ProfileJson.read(Files.readAllBytes(Path.of(profile)));
        String text = Files.readString(Path.of(profile));
        assertRefused(
                "was measured with ONNX Runtime 0.9, expected " + OnnxRuntime.version(),
                planWith("version.json", text.replace(OnnxRuntime.version(), "0.9")));
        String time = read.fastest().origin().measuredAt();
        String old = text.replace(time, "2020-01-01T00:00:00Z");
        assertRefused("2020-01-01T00:00:00Z), expected at most 30", planWith("old.json", old));
        assertThat(captured.run(
                        "plan",
                        model,
                        "--topology",
                        BOARDS,
                        "--profile",
                        folder.resolve("old.json").toString(),
                        "--max-age",
                        "36500"))
                .isEqualTo(ExitCode.OK);
        assertRefused(
                "profile has format 1, expected 2. Maybe measure the model again",
                planWith("format.json", "{\"format\": 1, \"threads\": 2}"));
        assertRefused("must be a time such as", planWith("time.json", text.replace(time, "yesterday")));
        assertRefused("profile is not readable", planWith("damaged.json", "{"));
    }

    @Test
    void refusesProfilesForWhatIsNotThere() throws IOException {
        assertRefused("no such file. Maybe write it with 'tandem profile", planWith(folder.resolve("no.json")));
        assertRefused(
                "expected a machine of the topology",
                "plan",
                model,
                "--topology",
                BOARDS,
                "--profile",
                "nobody=" + profile);
        assertRefused(
                "is given twice without a machine",
                "plan",
                model,
                "--topology",
                BOARDS,
                "--profile",
                profile,
                "--profile",
                profile);
    }

    @Test
    void refusesToMeasureWhatItCannotWriteOrRun() throws IOException {
        String text = Files.writeString(folder.resolve("text.onnx"), "no model").toString();
        String file = folder.resolve("never.json").toString();
        assertThat(captured.run("profile", text, "-o", file)).isEqualTo(ExitCode.REFUSED);
        assertRefused("no such file", "profile", folder.resolve("none.onnx").toString(), "-o", file);
        assertRefused(
                "must be one that can be written to",
                "profile",
                model,
                "-o",
                folder.resolve("no/where.json").toString());
        assertRefused("must be a file, but is a folder", "profile", model, "-o", folder.toString());
        assertRefused("--threads (0)", "profile", model, "-o", file, "--threads", "0");
        assertRefused("--repeat (0)", "profile", model, "-o", file, "--repeat", "0");
        assertRefused("--output", "profile", model);
        assertRefused("must be numbers and ranges", "profile", model, "-o", file, "--cores", "all");
        assertThat(Path.of(file)).doesNotExist();
    }

    @Test
    void measuresWithTheProviderOfTheSettingsOrSaysWhyNot() throws IOException {
        assumeFalse(Providers.builtIn().contains(ExecutionProvider.CUDA), "this ONNX Runtime has CUDA");
        String file = folder.resolve("gpu.json").toString();

        assertThat(profileWith("{ name = gpu0, provider = cuda }", file)).isEqualTo(ExitCode.RUNTIME_ERROR);
        assertThat(captured.err()).contains("core group gpu0 cannot compute with provider cuda");
        assertThat(Path.of(file)).doesNotExist();

        assertThat(profileWith("{ name = gpu0, provider = cuda, on-missing = cpu }", file))
                .isEqualTo(ExitCode.OK);
        assertThat(captured.err()).contains("core group gpu0 is measured on CPUs: cuda does not work: ");
        assertThat(ProfileJson.read(Files.readAllBytes(Path.of(file))).fastest().name())
                .isEqualTo("gpu0");
    }

    private ExitCode profileWith(String coreGroup, String file) throws IOException {
        Path settings =
                Files.writeString(folder.resolve("member.conf"), "tandem.node.core-groups = [ " + coreGroup + " ]");
        return captured.run("profile", model, "-o", file, "--quick", "--repeat", "1", "--config", settings.toString());
    }

    private static String[] planWith(String name, String json) throws IOException {
        return planWith(Files.writeString(folder.resolve(name), json));
    }

    private static String[] planWith(Path file) {
        return List.of("plan", model, "--topology", BOARDS, "--profile", file.toString())
                .toArray(String[]::new);
    }

    private static void assertRefused(String reason, String... arguments) {
        CapturedTerminal terminal = CapturedTerminal.unwatched();
        assertThat(terminal.run(arguments)).as(terminal.err()).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains(reason);
    }

    private static String write(String name, ZooOptions options) throws IOException {
        Path file = folder.resolve(name);
        ZooModel.TANDEM_MINI.write(file, options);
        return file.toString();
    }
}
