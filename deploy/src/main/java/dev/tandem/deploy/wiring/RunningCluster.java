package dev.tandem.deploy.wiring;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.config.ClusterFile;
import dev.tandem.config.HostPort;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings by which a process joins a cluster that runs anyway. */
public final class RunningCluster {

    private RunningCluster() {}

    /**
     * Settings whose seeds are members of the cluster: those of a settings file, or what follows from a cluster file.
     *
     * @param file none where environment or system properties name the seeds
     * @throws dev.tandem.config.SettingsException when the settings cannot be used
     * @throws IllegalArgumentException when they name no seed
     */
    public static LoadedSettings settings(Optional<Path> file) {
        LoadedSettings loaded =
                SettingsLoader.load(file, file.map(RunningCluster::overrides).orElse(ConfigFactory.empty()));
        if (loaded.settings().network().seeds().isEmpty()) {
            throw new IllegalArgumentException(
                    "settings " + file.map(Path::toString).orElse("")
                            + " must name a cluster to join. Maybe set tandem.network.seeds = [\"host:port\"].");
        }
        return loaded;
    }

    /** A cluster file names the members; the rest of a seat's network follows from where they are. */
    private static Config overrides(Path settings) {
        if (!ClusterFile.isClusterFile(settings)) {
            return ConfigFactory.empty();
        }
        List<HostPort> seeds = ClusterFile.load(settings).seeds();
        List<String> addresses = seeds.stream().map(HostPort::toString).toList();
        return ConfigFactory.parseMap(
                Map.of("tandem.network.host", addressTowards(seeds.get(0)), "tandem.network.seeds", addresses),
                settings.toString());
    }

    /** This machine's address on the way to another; nothing is sent to find it. */
    private static String addressTowards(HostPort peer) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(peer.host(), peer.port()));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException | UncheckedIOException e) {
            throw new LocalClusterException("this machine has no way to " + peer + ": " + e.getMessage(), e);
        }
    }
}
