package dev.tandem.deploy.launch;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for members that start later. Systems give those from 32768 on to whoever asks for any, as other members do. */
public final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int END = 32_768;

    private FreePorts() {}

    /** So many different ports at which nobody listens. */
    public static List<Integer> take(int count) throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            while (taken.size() < count) {
                tryOne(taken);
            }
            return taken.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : taken) {
                socket.close();
            }
        }
    }

    private static void tryOne(List<ServerSocket> taken) throws IOException {
        int port = ThreadLocalRandom.current().nextInt(FIRST, END);
        try {
            taken.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException inUse) {
            // Another one is tried.
            return;
        }
    }
}
