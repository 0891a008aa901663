package dev.tandem.deploy.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.deploy.wiring.ClassArchive;
import dev.tandem.deploy.wiring.ParentWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Runs a member of the cluster in the foreground. */
@CommandLine.Command(
        name = "node",
        header = "Run this machine as a member of a cluster.",
        description = {
            "",
            "Runs this machine as a member of a cluster until it is told to stop (Ctrl-C or SIGTERM). Without a seed it"
                    + " starts a cluster of its own, which others join by naming it. Options win over the settings file;"
                    + " every key of the file is explained in reference.conf.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem node --host 192.168.1.10 --port 7355 --name big",
            "  tandem node --host 192.168.1.11 --seed 192.168.1.10:7355 --memory 512MiB",
            "  tandem node --config /etc/tandem/tandem.conf",
            "  tandem node --cores big=4-7 --cores little=0-3"
        })
public final class NodeCommand implements Command {

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file.")
    private @Nullable Path config;

    @Option(
            names = "--seed",
            paramLabel = "HOST:PORT",
            description = "A member of the cluster to join; may be repeated.")
    private List<String> seeds = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address under which others reach this machine. Default: 127.0.0.1, this machine alone.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port of the cluster protocol; 0, the default: any.")
    private @Nullable Integer port;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the node in plans and logs.")
    private @Nullable String name;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory for parts of models, such as 512MiB.")
    private @Nullable String memory;

    @Option(
            names = "--cores",
            paramLabel = "[NAME=]CPUS",
            description = "CPUs of a core group, such as 0-3,6; may be repeated. Default: all, grouped by kind.")
    private List<String> cores = new ArrayList<>();

    @Option(names = "--data", paramLabel = "FOLDER", description = "Folder for parts of models.")
    private @Nullable Path data;

    @Option(
            names = "--address-file",
            paramLabel = "FILE",
            description = "Write HOST:PORT to this file when the node is up.")
    private @Nullable Path addressFile;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Write HOST:PORT to this file when the node is measured, so that plans may use it.")
    private @Nullable Path readyFile;

    @Option(names = "--exit-with-parent", hidden = true, description = "Stop when standard input ends.")
    private boolean exitWithParent;

    @CommandLine.ParentCommand
    private @Nullable Program program;

    @Override
    public ExitCode run(Terminal terminal) {
        LoadedSettings loaded = SettingsLoader.load(Optional.ofNullable(config), overrides());
        configureLogging(loaded.settings());
        try (StopRequest stop = StopRequest.watch();
                ParentWatch watch = ParentWatch.create(exitWithParent)) {
            MemberNode node = MemberNode.start(loaded, BuildVersion.text());
            watch.onGone(() -> {
                stop.ask();
                node.stop();
            });
            node.settings().onChange(this::configureLogging);
            announce(terminal, node);
            Optional<ClassArchive> archive = ClassArchive.makeLater();
            node.terminated().toCompletableFuture().join();
            archive.ifPresent(ClassArchive::close);
            stop.requireAsked("node " + node.name());
        }
        return ExitCode.OK;
    }

    private void configureLogging(TandemSettings settings) {
        Logging.configure(settings.log().level(), program != null && program.isVerbose());
    }

    /** A node of which nobody can learn is stopped. */
    private void announce(Terminal terminal, MemberNode node) {
        try {
            terminal.line("node " + node.name() + " is up at " + node.address());
            report(addressFile, node);
        } catch (RuntimeException e) {
            node.stop().toCompletableFuture().join();
            throw e;
        }
        if (readyFile != null) {
            var unused = node.registered().thenRun(() -> report(readyFile, node));
        }
    }

    /** What the options say, under the keys of the settings; the origin is what problems name as the place. */
    private Config overrides() {
        Map<String, Object> values = new LinkedHashMap<>();
        put(values, "tandem.network.host", host);
        put(values, "tandem.network.port", port);
        put(values, "tandem.network.seeds", seeds.isEmpty() ? null : seeds);
        put(values, "tandem.node.name", name);
        put(values, "tandem.node.memory", memory);
        put(values, "tandem.node.data-directory", data == null ? null : data.toString());
        put(values, "tandem.node.core-groups", cores.isEmpty() ? null : CoreGroupTexts.settings(cores));
        return ConfigFactory.parseMap(values, "command line");
    }

    /** The file appears complete or not at all, as someone may be waiting for it. */
    private static void report(@Nullable Path file, MemberNode node) {
        if (file == null) {
            return;
        }
        try {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, node.address() + System.lineSeparator());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the node's address cannot be written to " + file + ": " + e, e);
        }
    }

    private static void put(Map<String, Object> values, String key, @Nullable Object value) {
        if (value != null) {
            values.put(key, value);
        }
    }
}
