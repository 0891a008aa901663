package dev.tandem.deploy.cli;

import dev.tandem.core.cost.Provenance;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.deploy.wiring.ProfileJson;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.profile.ModelProfiler;
import dev.tandem.inference.profile.ModelProfiler.Measured;
import dev.tandem.inference.profile.ProfileEffort;
import dev.tandem.inference.profile.ReferenceWorkload;
import dev.tandem.inference.profile.Timing;
import dev.tandem.inference.runtime.CoreGroupExecutor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.SessionSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Measures a model on one core group of this machine. */
record GroupProfiling(ModelPackage model, SessionSettings settings, CoreGroupSpec group, ProfileEffort effort) {

    /** Returns when all is measured; the work is done on a thread that is pinned as a member's. */
    ProfileJson.Group measure(ModelProfiler.Progress progress) {
        try (CoreGroupExecutor executor = new CoreGroupExecutor(group)) {
            return executor.submit(() -> {
                        Measured measured = new ModelProfiler(model, settings, effort, progress).measure();
                        double rate = ReferenceWorkload.multiplyAddsPerSecond(settings);
                        return ProfileJson.group(origin(measured), measured, rate);
                    })
                    .join();
        }
    }

    private Provenance origin(Measured measured) {
        BenchVersions here = BenchVersions.here();
        ModelGraph graph = model.graph();
        Timing whole = measured.whole();
        return new Provenance(
                machine(),
                here.cpu(),
                group.name(),
                group.pin() ? group.cpus() : List.of(),
                group.threads(),
                clock(),
                here.tandem(),
                here.onnxRuntime(),
                here.java(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                whole.repetitions(),
                whole.spreadSeconds() / whole.medianSeconds(),
                measured.segmentError(graph),
                measured.shareError(graph));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine may have a name that nobody can look up; the profile is as good without.
            return "";
        }
    }

    /** Governor and highest frequency of the group's first CPU. */
    private String clock() {
        if (group.cpus().isEmpty()) {
            return "";
        }
        Path folder = Path.of("/sys/devices/system/cpu/cpu" + group.cpus().get(0) + "/cpufreq");
        String governor = text(folder.resolve("scaling_governor"));
        String highest = text(folder.resolve("scaling_max_freq"));
        return governor.isEmpty() || highest.isEmpty() ? governor : governor + ", at most " + highest + " kHz";
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            // Virtual machines do not say, nor do other systems.
            return "";
        }
    }
}
