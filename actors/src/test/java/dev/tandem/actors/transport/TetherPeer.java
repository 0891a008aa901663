package dev.tandem.actors.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** A node in a process of its own that only holds tethers. */
final class TetherPeer implements AutoCloseable {

    private final Process process;
    private final int port;

    private TetherPeer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Runs until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Tethers tethers = Tethers.open(
                new Tethers.Identity("tandem", "1", arguments[0]), bind, Tethers.Settings.DEFAULT, event -> {})) {
            System.out.println(tethers.address().getPort());
            while (System.in.read() >= 0) {
                // Waits for the end.
            }
        }
    }

    static TetherPeer start(String node) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        java, "-Xmx64m", "-XX:+UseSerialGC", "-cp", classPath, TetherPeer.class.getName(), node)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new TetherPeer(process, Integer.parseInt(Objects.requireNonNull(output.readLine())));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    void kill() {
        process.destroyForcibly();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
