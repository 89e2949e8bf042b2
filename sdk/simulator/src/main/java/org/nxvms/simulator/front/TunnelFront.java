// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.front;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.simulator.rtsp.Camera;

/** RTSP tunnelled in HTTP for one camera: a GET for the way down, a POST in base64 for the way up, joined by a cookie. */
public final class TunnelFront extends Front {
    private static final Pattern COOKIE = Pattern.compile("(?im)^x-sessioncookie: *(\\S{1,64})");
    private static final int HEAD_BYTES_MAX = 8192;
    /** Four characters of base64 are three bytes. */
    private static final int GROUP = 4;

    private final Map<String, Socket> insides = new ConcurrentHashMap<>();

    private TunnelFront(Camera camera) throws IOException {
        super(new ServerSocket(0, 50, camera.address().getAddress()), camera.address());
    }

    /** Opens it on a free port. */
    public static TunnelFront open(Camera camera) throws IOException {
        TunnelFront front = new TunnelFront(camera);
        front.start();
        return front;
    }

    @Override
    void serve(Socket client) throws IOException {
        String head = head(client.getInputStream());
        Matcher cookie = COOKIE.matcher(head);
        if (!cookie.find()) {
            refuse(client, "400 Bad Request");
        } else if (head.startsWith("GET ")) {
            down(client, cookie.group(1));
        } else if (head.startsWith("POST ") && insides.containsKey(cookie.group(1))) {
            up(client, insides.get(cookie.group(1)));
        } else {
            refuse(client, "405 Method Not Allowed");
        }
    }

    private void down(Socket client, String cookie) throws IOException {
        Socket inside = camera();
        insides.put(cookie, inside);
        client.getOutputStream()
                .write(("HTTP/1.0 200 OK\r\nServer: simulator\r\nConnection: close\r\nCache-Control: no-store\r\n"
                                + "Pragma: no-cache\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        pump(inside, client);
        insides.remove(cookie);
    }

    private static void up(Socket client, Socket inside) throws IOException {
        InputStream in = client.getInputStream();
        byte[] group = new byte[GROUP];
        try {
            while (in.readNBytes(group, 0, GROUP) == GROUP) {
                inside.getOutputStream().write(Base64.getDecoder().decode(group));
            }
        } catch (IllegalArgumentException notBase64) {
            throw new IOException("the way up is no base64", notBase64);
        } finally {
            close(client);
            close(inside);
        }
    }

    private static void refuse(Socket client, String why) throws IOException {
        client.getOutputStream()
                .write(("HTTP/1.0 " + why + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        close(client);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() == HEAD_BYTES_MAX) {
                throw new IOException("no end of HTTP headers");
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
