package dev.tandem.inference.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.cost.Profile;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelProfilerTest {

    private static final ProfileEffort LITTLE =
            new ProfileEffort(new TimedRuns(1, 3, 0.01), List.of(2, 3), 2, List.of(2, 4));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void measuresLayersCallPartsAndShares() throws IOException {
        ModelPackage model = mini();
        ModelGraph graph = model.graph();
        List<String> heard = new ArrayList<>();

        ModelProfiler.Measured measured = new ModelProfiler(
                        model, SessionSettings.defaults(), LITTLE, (done, all, what) -> heard.add(what))
                .measure();

        Profile profile = measured.profile();
        assertThat(profile.times().modelDigest()).isEqualTo(model.digest());
        assertThat(profile.times().seconds()).hasSameSizeAs(graph.layers());
        assertThat(profile.wholeSeconds()).isCloseTo(measured.whole().medianSeconds(), within(1e-12));
        assertThat(profile.costs().secondsPerCall()).isBetween(1e-9, profile.wholeSeconds() / 2);
        assertThat(measured.segments()).hasSizeBetween(2, 5).allMatch(sample -> sample.outputs()
                .isEmpty());
        assertThat(measured.shares()).hasSizeGreaterThan(1).noneMatch(sample -> sample.outputs()
                .isEmpty());
        assertThat(measured.segmentError(graph)).isNotNegative();
        assertThat(measured.shareError(graph)).isNotNegative();
        assertThat(heard).contains("the layers", "segments", "row shares");
    }

    @Test
    void leavesNothingBesideTheModel() throws IOException {
        ModelPackage model = mini();
        List<Path> before = files(model.directory());

        new ModelProfiler(model, SessionSettings.defaults(), LITTLE, (done, all, what) -> {}).measure();

        assertThat(files(model.directory())).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void removesWhatAKilledProcessLeftBesideTheModel() throws Exception {
        ModelPackage model = mini();
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path left = Files.createFile(model.directory().resolve(".sample-" + ended.pid() + "-a.onnx"));
        Path partial = Files.createFile(model.directory().resolve(".sample-b.onnx.tmp"));
        Path another = Files.createFile(
                model.directory().resolve(".sample-" + ProcessHandle.current().pid() + "-c.onnx"));

        new SegmentTimer(model, SessionSettings.defaults());

        assertThat(left).doesNotExist();
        assertThat(partial).doesNotExist();
        assertThat(another).exists();
    }

    @Test
    void choosesPartsThatCoverTheModelAndSharesOfOneKind() throws IOException {
        ModelPackage model = mini();
        ModelGraph graph = model.graph();
        SegmentChoice choice = new SegmentChoice(
                graph, new LayerProfiler(1, 0, 1).profile(model).times());

        assertThat(choice.segments(List.of(3))).first().matches(segment -> segment.from() == 0);
        assertThat(choice.segments(List.of(3)).stream()
                        .mapToInt(segment -> segment.size())
                        .sum())
                .isEqualTo(graph.layers().size());
        assertThat(choice.segments(List.of(1))).isEmpty();
        assertThat(choice.shares(1, List.of(1000))).isEmpty();
        assertThat(choice.shares(1, List.of(4)))
                .allSatisfy(share -> assertThat(share.regions().outputs().values())
                        .noneMatch(region -> region.ranges().isEmpty()));
    }

    @Test
    void takesTheMiddleOfRepeatedRuns() {
        Timing timing = Timing.of(new double[] {5, 1, 3, 100, 2});

        assertThat(timing).isEqualTo(new Timing(3, 2, 5));
        int[] runs = {0};
        assertThat(new TimedRuns(3, 5, 0).time(() -> runs[0]++).repetitions()).isEqualTo(3);
        assertThat(runs[0]).isEqualTo(4);
        assertThat(ProfileEffort.quick().withRepetitions(4).runs()).isEqualTo(new TimedRuns(4, 4, 0));
    }

    @Test
    void refusesRunsThatMeasureNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TimedRuns(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TimedRuns(2, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TimedRuns(1, 1, -1));
    }

    private ModelPackage mini() throws IOException {
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        return ModelFolder.fold(file, FoldOptions.DEFAULTS, folder.resolve("folded"));
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }
}
