package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/**
 * Electric power of a machine beside that of its core groups.
 *
 * @param idleWatts at any time
 * @param sendWatts that sending adds while a link from the machine is busy
 * @param receiveWatts that receiving adds while a link to it is busy
 */
public record NodePowerSettings(double idleWatts, double sendWatts, double receiveWatts) {

    /** Nothing: the core groups' power is all of the machine's. */
    public static final NodePowerSettings NONE = new NodePowerSettings(0, 0, 0);

    /** The keys; those that are left out are 0W. */
    public static final Config DEFAULTS = ConfigFactory.parseString("idle = 0W, send = 0W, receive = 0W");

    public NodePowerSettings {
        Limits.check("idle power", idleWatts, PowerSettings.MAX_WATTS);
        Limits.check("send power", sendWatts, PowerSettings.MAX_WATTS);
        Limits.check("receive power", receiveWatts, PowerSettings.MAX_WATTS);
    }

    /** Reads a section {@code power { idle = 1.6W, send = 570mW, receive = 510mW }}. */
    public static NodePowerSettings from(SectionReader reader) {
        return new NodePowerSettings(
                reader.watts("idle", PowerSettings.MAX_WATTS),
                reader.watts("send", PowerSettings.MAX_WATTS),
                reader.watts("receive", PowerSettings.MAX_WATTS));
    }
}
