package dev.tandem.deploy.wiring;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A member without a cluster, for tests of starting and stopping processes: up at once, gone with its parent. Its node's
 * name says how it behaves.
 */
final class StandInMember {

    private StandInMember() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> options = List.of(arguments);
        String settings = Files.readString(Path.of(options.get(options.indexOf("--config") + 1)));
        if (settings.contains("dies")) {
            System.err.println("out of luck");
            System.exit(7);
        }
        if (settings.contains("stubborn")) {
            Runtime.getRuntime().addShutdownHook(new Thread(StandInMember::hang));
        }
        if (!settings.contains("silent")) {
            Files.writeString(Path.of(options.get(options.indexOf("--address-file") + 1)), "127.0.0.1:7355");
        }
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    private static void hang() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
