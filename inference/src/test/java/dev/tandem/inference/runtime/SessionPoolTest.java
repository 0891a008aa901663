package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionPoolTest {

    private static final String GROUP = "cpu";
    private static final SessionSettings SETTINGS = SessionSettings.defaults();

    private final SessionPool pool = new SessionPool();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void sharesASessionOfTheSameBytesUntilTheLastLeaseIsClosed() throws IOException {
        Path model = SmallModels.convRelu(folder);
        Path same = Files.copy(model, folder.resolve("same.onnx"));

        SessionLease first = pool.lease(GROUP, model, SETTINGS);
        Files.delete(model);
        SessionLease second = pool.lease(GROUP, same, SETTINGS);

        assertThat(first.isFirst()).isTrue();
        assertThat(second.isFirst()).isFalse();
        assertThat(pool.size()).isEqualTo(1);
        first.close();
        first.close();
        assertThat(pool.size()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(() -> first.run(Map.of(), Map.of()));
        // The session is open still: it says what it lacks.
        assertThatThrownBy(() -> second.run(Map.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must hold");
        second.close();
        assertThat(pool.size()).isZero();
        assertThat(leaseAndClose(same).isFirst()).isTrue();
    }

    private SessionLease leaseAndClose(Path model) {
        try (SessionLease lease = pool.lease(GROUP, model, SETTINGS)) {
            return lease;
        }
    }

    @Test
    void sharesNothingBetweenSettingsOrFolders() throws IOException {
        Path model = SmallModels.convRelu(folder);
        Path elsewhere = Files.copy(
                model, Files.createDirectory(folder.resolve("elsewhere")).resolve("model.onnx"));

        try (SessionLease one = pool.lease(GROUP, model, SETTINGS);
                SessionLease other = pool.lease(GROUP, model, SETTINGS.withSpinning(true));
                SessionLease away = pool.lease(GROUP, elsewhere, SETTINGS)) {
            assertThat(List.of(one.isFirst(), other.isFirst(), away.isFirst())).containsOnly(true);
            assertThat(pool.size()).isEqualTo(3);
        }
        assertThat(pool.size()).isZero();
    }

    @Test
    void sharesNothingBetweenCoreGroups() throws IOException {
        Path model = SmallModels.convRelu(folder);

        try (SessionLease one = pool.lease("gpu0", model, SETTINGS);
                SessionLease other = pool.lease("gpu1", model, SETTINGS)) {
            assertThat(List.of(one.isFirst(), other.isFirst())).containsOnly(true);
            assertThat(pool.size()).isEqualTo(2);
        }
        assertThat(pool.size()).isZero();
    }

    @Test
    void opensOneSessionForAllWhoAskAtOnce() throws Exception {
        Path model = SmallModels.convRelu(folder);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<SessionLease>> asks = new ArrayList<>();
            for (int ask = 0; ask < 16; ask++) {
                asks.add(() -> pool.lease(GROUP, model, SETTINGS));
            }
            List<SessionLease> leases = new ArrayList<>();
            for (Future<SessionLease> asked : threads.invokeAll(asks)) {
                leases.add(asked.get());
            }

            assertThat(leases.stream().filter(SessionLease::isFirst)).hasSize(1);
            leases.forEach(SessionLease::close);
            assertThat(pool.size()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void forgetsWhatCouldNotBeOpened() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.onnx"), "not a model");

        assertThatThrownBy(() -> pool.lease(GROUP, broken, SETTINGS)).isInstanceOf(ModelLoadException.class);
        assertThatThrownBy(() -> pool.lease(GROUP, folder.resolve("none.onnx"), SETTINGS))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("must be a file that can be read");

        assertThat(pool.size()).isZero();
    }
}
