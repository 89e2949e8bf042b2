// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes answers of multicast DNS as a device would, with a pointer for the service that each name ends in. */
final class DnsText {
    private static final int SERVICE_AT = 12;

    private final String service;
    private final List<byte[]> records = new ArrayList<>();

    DnsText(String service) {
        this.service = service;
    }

    /** An instance with its port and what it tells. */
    DnsText instance(String name, int port, String... texts) {
        byte[] instance = instanceName(name);
        record(new byte[] {(byte) 0xc0, SERVICE_AT}, DnsMessage.PTR, instance);
        ByteArrayOutputStream srv = new ByteArrayOutputStream();
        srv.writeBytes(new byte[] {0, 0, 0, 0, (byte) (port >> 8), (byte) port});
        srv.writeBytes(name("cam.local"));
        record(instance, DnsMessage.SRV, srv.toByteArray());
        ByteArrayOutputStream txt = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            txt.write(bytes.length);
            txt.writeBytes(bytes);
        }
        record(instance, DnsMessage.TXT, txt.toByteArray());
        return this;
    }

    private static byte[] instanceName(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] label = name.getBytes(StandardCharsets.UTF_8);
        out.write(label.length);
        out.writeBytes(label);
        out.writeBytes(new byte[] {(byte) 0xc0, SERVICE_AT});
        return out.toByteArray();
    }

    static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.UTF_8));
        }
        out.write(0);
        return out.toByteArray();
    }

    private void record(byte[] name, int type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(name);
        out.writeBytes(new byte[] {0, (byte) type, 0, 1, 0, 0, 0, 10, (byte) (data.length >> 8), (byte) data.length});
        out.writeBytes(data);
        records.add(out.toByteArray());
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, (byte) 0x84, 0, 0, 1, 0, (byte) records.size(), 0, 0, 0, 0});
        out.writeBytes(name(service + ".local"));
        out.writeBytes(new byte[] {0, DnsMessage.PTR, 0, 1});
        records.forEach(out::writeBytes);
        return out.toByteArray();
    }
}
