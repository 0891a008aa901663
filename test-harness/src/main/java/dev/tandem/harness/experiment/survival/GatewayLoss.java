package dev.tandem.harness.experiment.survival;

import dev.tandem.actors.client.InferOptions;
import dev.tandem.actors.client.InferenceResult;
import dev.tandem.actors.client.TandemClient;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.deploy.cli.ProgramFolder;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.MeasuringTime;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.RunningCluster;
import dev.tandem.harness.testbed.Testbed;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Loses one of two gateways of a model under load, asked by an application that finds both. Used by one thread. */
public final class GatewayLoss {

    /** In place of a node's name. */
    public static final String GATEWAY = "gateway";

    private static final Duration UNDISTURBED = Duration.ofSeconds(3);
    private static final Duration LOST_AFTER = Duration.ofSeconds(15);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration SERVING = Duration.ofMinutes(2);
    private static final Duration ENDING = Duration.ofSeconds(30);
    private static final int IN_FLIGHT = 16;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final Testbed bed;
    private final AskedModel model;
    private final Path file;

    /** @param file of the model */
    public GatewayLoss(Testbed bed, AskedModel model, Path file) {
        this.bed = bed;
        this.model = model;
        this.file = file;
    }

    /** What one gateway does with all nodes; requests per second. */
    public double capacity(double seconds) throws IOException, TimeoutException, InterruptedException {
        Process gateway = serve();
        try (TandemClient client = client()) {
            return measure(client, WARM_UP, Duration.ofMillis(Math.round(seconds * MILLIS)));
        } finally {
            end(List.of(gateway));
        }
    }

    /**
     * Loses one of two while requests come at fixed intervals.
     *
     * @param afterwards for so long after the fault requests go on
     */
    public SurvivalTrial lose(SurvivalTrial.Cell which, double capacity, double perSecond, Duration afterwards)
            throws IOException, TimeoutException, InterruptedException, ExecutionException {
        List<Process> gateways = new ArrayList<>();
        try {
            gateways.add(serve());
            gateways.add(serve());
            try (TandemClient client = client()) {
                var unused = measure(client, Duration.ZERO, WARM_UP);
                Asked asked = (inputs, deadline) -> ask(client, inputs, deadline);
                WatchedLoad load = WatchedLoad.start(asked, model, perSecond, UNDISTURBED.plus(afterwards), LOST_AFTER);
                TimeUnit.NANOSECONDS.sleep(UNDISTURBED.toNanos());
                double fault = (System.nanoTime() - load.beginNanos()) / NANOS;
                signal(gateways.get(0), which.breakage());
                return SurvivalTrial.of(
                        which,
                        false,
                        true,
                        "two gateways",
                        new SurvivalTrial.Rate(capacity, perSecond),
                        load.await(),
                        fault);
            }
        } finally {
            end(gateways);
        }
    }

    /** Requests per second, several at a time. */
    private double measure(TandemClient client, Duration warmUp, Duration length)
            throws TimeoutException, InterruptedException {
        return new ClosedLoop<Map<String, TensorValue>>(IN_FLIGHT, LOST_AFTER)
                .runFor(
                        new MeasuringTime(warmUp, length),
                        request -> ask(client, model.input(request), LOST_AFTER),
                        figures -> {})
                .throughputPerSecond();
    }

    private static void signal(Process process, Breakage breakage) throws IOException, InterruptedException {
        String signal =
                switch (breakage) {
                    case KILL -> "KILL";
                    case STOP -> "STOP";
                    case CUT, LEAVE -> throw new IllegalArgumentException("a gateway is not lost by " + breakage);
                };
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("no signal " + signal + " to process " + process.pid());
        }
    }

    /** A process of its own, which serves the model when this returns. The launcher becomes the program, so it is its process. */
    private Process serve() throws IOException {
        Process process = new ProcessBuilder(
                        ProgramFolder.require().resolve("bin/tandem").toString(),
                        "serve",
                        file.toString(),
                        "--cluster",
                        bed.clusterFile().toString(),
                        "--json")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture<Void> serves = endLater(process);
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        if (lines.readLine() == null) {
            throw new IOException("a gateway has ended before it served " + file + ", or has not served it within "
                    + SERVING.toSeconds() + " s");
        }
        serves.complete(null);
        return process;
    }

    /** Ends it if it does not serve in time; complete what comes back when it does. */
    private static CompletableFuture<Void> endLater(Process process) {
        var serves = new CompletableFuture<Void>();
        var unused = serves.orTimeout(SERVING.toSeconds(), TimeUnit.SECONDS).exceptionally(late -> {
            process.destroyForcibly();
            return null;
        });
        return serves;
    }

    private static void end(List<Process> gateways) throws InterruptedException {
        gateways.forEach(Process::destroyForcibly);
        for (Process gateway : gateways) {
            if (!gateway.waitFor(ENDING.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + gateway.pid() + " does not end");
            }
        }
    }

    private TandemClient client() {
        return TandemClient.connect(RunningCluster.settings(Optional.of(bed.clusterFile())), BuildVersion.text());
    }

    private static CompletionStage<Map<String, TensorValue>> ask(
            TandemClient client, Map<String, TensorValue> inputs, Duration deadline) {
        List<Tensor> tensors = inputs.values().stream()
                .map(value -> Tensor.of(value.spec(), value.buffer()))
                .toList();
        return client.infer("", tensors, InferOptions.defaults().withDeadline(deadline))
                .thenApply(GatewayLoss::outputs);
    }

    private static Map<String, TensorValue> outputs(InferenceResult result) {
        Map<String, TensorValue> outputs = new LinkedHashMap<>();
        for (Tensor tensor : result.outputs()) {
            outputs.put(tensor.spec().name(), TensorValue.copyOf(tensor.spec(), tensor.bytes()));
        }
        return outputs;
    }
}
