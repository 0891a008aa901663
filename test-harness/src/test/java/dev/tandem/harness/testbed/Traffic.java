package dev.tandem.harness.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What processes in namespaces do to try the network: {@code serve}, {@code send HOST BYTES} or {@code reach HOST}. */
public final class Traffic {

    private static final int PORT = 5001;
    private static final int TIMEOUT_MILLIS = 700;
    private static final int CHUNK = 64 * 1024;

    private Traffic() {}

    public static void main(String... arguments) throws IOException {
        switch (arguments[0]) {
            case "serve" -> serve();
            case "send" -> System.out.println(send(arguments[1], Long.parseLong(arguments[2])));
            default -> System.out.println(reaches(arguments[1]));
        }
    }

    private static void serve() throws IOException {
        try (ServerSocket server = new ServerSocket(PORT)) {
            System.out.println("ready");
            while (true) {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> swallow(socket), "swallow");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void swallow(Socket accepted) {
        try (Socket socket = accepted) {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            socket.getOutputStream().write(1);
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    /** Seconds until all has arrived. */
    private static double send(String host, long bytes) throws IOException {
        try (Socket socket = new Socket(host, PORT)) {
            byte[] chunk = new byte[CHUNK];
            long start = System.nanoTime();
            for (long left = bytes; left > 0; left -= CHUNK) {
                socket.getOutputStream().write(chunk);
            }
            socket.shutdownOutput();
            InputStream answer = socket.getInputStream();
            if (answer.read() != 1) {
                throw new IOException("no answer");
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static boolean reaches(String host) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, PORT), TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
