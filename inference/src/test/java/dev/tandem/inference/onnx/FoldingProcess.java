package dev.tandem.inference.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that folds a model. */
final class FoldingProcess {

    private FoldingProcess() {}

    /** Starts it with this JVM's settings of Tandem. */
    static Process start(Path model, Path cache) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("tandem."))
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FoldingProcess.class.getName()));
        command.addAll(List.of(model.toString(), cache.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
        return builder.start();
    }

    /** Folds the model of the first argument below the directory of the second. */
    public static void main(String[] arguments) {
        ModelFolder.fold(Path.of(arguments[0]), FoldOptions.DEFAULTS, Path.of(arguments[1]));
    }
}
