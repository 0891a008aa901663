package dev.tandem.harness.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Network namespaces with a name, as ip-netns(8) makes them. Thread-safe. */
final class Namespaces {

    private static final Logger LOG = LoggerFactory.getLogger(Namespaces.class);

    /** Where ip-netns(8) keeps the names. */
    private static final String FOLDER = "/run/netns/";

    private Namespaces() {}

    static void add(String namespace) {
        Tool.run("ip", "netns", "add", namespace);
    }

    /** Names of all namespaces of this machine. */
    static List<String> existing() {
        Path folder = Path.of(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(name -> name.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new TestbedException("the network namespaces in " + folder + " cannot be listed: " + e, e);
        }
    }

    /** Those of test beds, whoever's. */
    static List<OwnedName> owned() {
        return existing().stream()
                .flatMap(name -> OwnedName.parse(name).stream())
                .toList();
    }

    static List<Long> processes(String namespace) {
        return Tool.run("ip", "netns", "pids", namespace)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Long::parseLong)
                .toList();
    }

    /** One that stays is no reason to leave the others, and is found again at the next start. */
    static void delete(String namespace) {
        try {
            Tool.run("ip", "netns", "delete", namespace);
        } catch (TestbedException e) {
            LOG.warn("network namespace {} stays: {}", namespace, e.getMessage());
        }
    }

    /** Runs ip(8) or tc(8) on the devices of a namespace. */
    static String in(String namespace, String tool, String... arguments) {
        List<String> whole = new ArrayList<>(List.of(tool, "-n", namespace));
        whole.addAll(List.of(arguments));
        return Tool.run(whole.toArray(String[]::new));
    }

    /**
     * The command that runs another inside; it becomes that one, so that the process is the same. Unlike ip-netns(8) it leaves
     * the file systems alone: threads inside find their control groups.
     */
    static List<String> inside(String namespace, List<String> command) {
        List<String> whole = new ArrayList<>(launchWith(namespace));
        whole.addAll(command);
        return whole;
    }

    /** The words before such a command. */
    static List<String> launchWith(String namespace) {
        return List.of("nsenter", "--net=" + FOLDER + namespace);
    }

    /**
     * Sets TCP's congestion control inside to the one that the kernel lets every namespace have, the same on every machine. It
     * keeps a link without delay full, and does not stop now and then to measure, as BBR does on connections that last.
     */
    static void controlCongestion(String namespace, String control) {
        String setting = "echo " + control + " > /proc/sys/net/ipv4/tcp_congestion_control";
        Tool.run(inside(namespace, List.of("sh", "-c", setting)).toArray(String[]::new));
    }
}
