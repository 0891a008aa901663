package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.inference.runtime.SessionSettings.Prepack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {
    @Test
    void doesNotSpinUnlessAsked() {
        SessionSettings settings = SessionSettings.defaults();

        assertThat(NativeOptions.entries(settings)).containsEntry("session.intra_op.allow_spinning", "0");
        assertThat(NativeOptions.entries(settings.withSpinning(true)))
                .containsEntry("session.intra_op.allow_spinning", "1");
    }

    @Test
    void turnsPrepackingOffOnlyWhenAsked() {
        SessionSettings settings = SessionSettings.defaults();

        assertThat(NativeOptions.entries(settings)).containsEntry("session.disable_prepacking", "0");
        assertThat(NativeOptions.entries(settings.withPrepack(Prepack.OFF)))
                .containsEntry("session.disable_prepacking", "1");
    }

    @Test
    void givesEveryThreadButTheCallersTheGroupCountedFromOne() {
        assertThat(NativeOptions.affinities(List.of(4, 5, 6, 7), 4)).isEqualTo("5-8;5-8;5-8");
        assertThat(NativeOptions.affinities(List.of(6, 0, 3), 3)).isEqualTo("1,4,7;1,4,7");
        assertThat(NativeOptions.affinities(List.of(3), 2)).isEqualTo("4");
    }

    @Test
    void givesEveryThreadOneCpuWhereTheGroupIsTooLongToSay() {
        List<Integer> even = IntStream.range(0, 64).map(cpu -> 2 * cpu).boxed().toList();

        String affinities = NativeOptions.affinities(even, 64);

        assertThat(affinities).startsWith("3;5;7;").hasSizeLessThan(1024);
        assertThat(affinities.split(";", -1)).hasSize(63);
    }

    @Test
    void pinsNothingToCpusThatDoNotExist() {
        SessionSettings settings = SessionSettings.defaults().withThreads(2, List.of(900, 901), true);

        assertThat(NativeOptions.entries(settings)).doesNotContainKey("session.intra_op_thread_affinities");
    }

    @Test
    void letsExplicitEntriesWin() {
        SessionSettings settings =
                SessionSettings.defaults().withConfigEntries(Map.of("session.intra_op.allow_spinning", "1"));

        assertThat(NativeOptions.entries(settings)).containsEntry("session.intra_op.allow_spinning", "1");
    }

    @Test
    void takesThreadsFromCoreGroup() {
        CoreGroupSpec group = new CoreGroupSpec("big", List.of(4, 5), 2, true);

        SessionSettings settings = SessionSettings.of(group)
                .withArena(false)
                .withProfileOutput(Path.of("profile"))
                .withSaveOptimizedTo(Path.of("optimized.onnx"));

        assertThat(settings.threads()).isEqualTo(2);
        assertThat(settings.cpus()).containsExactly(4, 5);
        assertThat(settings.pin()).isTrue();
        assertThat(settings.arena()).isFalse();
        assertThat(settings.profileOutput()).contains(Path.of("profile"));
        assertThat(settings.saveOptimizedTo()).contains(Path.of("optimized.onnx"));
    }

    @Test
    void takesProviderFromCoreGroup() {
        ProviderChoice gpu = new ProviderChoice(ExecutionProvider.CUDA, Map.of("device_id", "1"));
        CoreGroupSpec group = new CoreGroupSpec("gpu1", List.of(), 1, false, List.of(), gpu);

        assertThat(SessionSettings.of(group.withThreads(2)).withSpinning(true).provider())
                .isEqualTo(gpu);
        assertThat(SessionSettings.of(group.on(ProviderChoice.CPU)).provider()).isEqualTo(ProviderChoice.CPU);
        assertThat(gpu).hasToString("cuda {device_id=1}");
    }

    @Test
    void refusesPinnedThreadsWithoutCpus() {
        assertThatThrownBy(() -> SessionSettings.defaults().withThreads(2, List.of(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads (2) of session must be at most its cpus ([])");
    }
}
