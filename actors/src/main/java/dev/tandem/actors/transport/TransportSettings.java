package dev.tandem.actors.transport;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** The settings that an actor system of Tandem starts with. */
public final class TransportSettings {

    /** Largest payload of a frame: a frame and its envelope must fit into Artery's large frame of 2 MiB. */
    public static final int MAX_FRAME_BYTES = 1536 * 1024;

    private static final String RESOURCE = "tandem-pekko.conf";

    private TransportSettings() {}

    /**
     * Puts settings above Tandem's own for Pekko, and those above every library's defaults.
     *
     * @param settings the user's and what code derives from them, such as host name and port
     */
    public static Config system(Config settings) {
        return settings.withFallback(ConfigFactory.parseResources(TransportSettings.class.getClassLoader(), RESOURCE))
                .withFallback(ConfigFactory.defaultReferenceUnresolved(TransportSettings.class.getClassLoader()))
                .resolve();
    }
}
