// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.search;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Questions and answers of DNS (RFC 1035 4), as far as services are found by them (RFC 6763). Of a message only what is well
 * formed counts; names are at most 255 bytes, their pointers lead backwards and are few, and of records only so many are
 * read.
 */
final class DnsMessage {
    static final int PTR = 12;
    static final int TXT = 16;
    static final int SRV = 33;

    private static final int HEADER_BYTES = 12;
    /** RFC 6762 17. */
    private static final int BYTES_MAX = 9_000;

    private static final int QUESTIONS_MAX = 32;
    private static final int RECORDS_MAX = 256;
    private static final int NAME_BYTES_MAX = 255;
    /** A name has no more labels (RFC 1035 2.3.4), so no more pointers either. */
    private static final int POINTERS_MAX = 127;

    private static final int TEXTS_MAX = 64;
    private static final int CLASS_IN = 1;

    /**
     * One record.
     *
     * @param name labels joined by dots, as they are written
     * @param data as it lies in the message; a name in it may point elsewhere
     */
    record Answer(String name, int type, int from, int length) {}

    private final byte[] bytes;
    private final List<Answer> answers = new ArrayList<>();
    private int at;

    private DnsMessage(byte[] bytes) {
        this.bytes = bytes;
    }

    /** {@return a question for all instances of services} Asked from a port of its own, so the answers come to it (RFC 6762 6.7). */
    static byte[] question(List<String> services) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, 0, (byte) services.size(), 0, 0, 0, 0, 0, 0});
        for (String service : services) {
            for (String label : (service + ".local").split("\\.")) {
                byte[] text = label.getBytes(StandardCharsets.UTF_8);
                out.write(text.length);
                out.writeBytes(text);
            }
            out.writeBytes(new byte[] {0, 0, PTR, 0, CLASS_IN});
        }
        return out.toByteArray();
    }

    /** {@return the answers of a message; empty for what is none} */
    static Optional<DnsMessage> read(byte[] bytes) {
        DnsMessage message = new DnsMessage(bytes);
        try {
            return message.read() ? Optional.of(message) : Optional.empty();
        } catch (IndexOutOfBoundsException cutOff) {
            return message.answers.isEmpty() ? Optional.empty() : Optional.of(message);
        }
    }

    private boolean read() {
        if (bytes.length < HEADER_BYTES || bytes.length > BYTES_MAX || bytes[2] >= 0) {
            // Without the QR bit it is a question.
            return false;
        }
        int questions = number(4);
        int records = number(6) + number(8) + number(10);
        at = HEADER_BYTES;
        if (questions > QUESTIONS_MAX) {
            return false;
        }
        for (int i = 0; i < questions; i++) {
            name();
            at += 4;
        }
        for (int i = 0; i < Math.min(records, RECORDS_MAX); i++) {
            String name = name();
            int type = number(at);
            int length = number(at + 8);
            int from = at + 10;
            if (from + length > bytes.length) {
                throw new IndexOutOfBoundsException("a record is cut off");
            }
            answers.add(new Answer(name, type, from, length));
            at = from + length;
        }
        return true;
    }

    private int number(int position) {
        return (bytes[position] & 0xff) << 8 | bytes[position + 1] & 0xff;
    }

    /** Reads a name, and goes on behind it (RFC 1035 4.1.4). */
    private String name() {
        StringBuilder name = new StringBuilder();
        int position = at;
        int lowest = at;
        int pointers = 0;
        int behind = -1;
        while (true) {
            int length = bytes[position] & 0xff;
            if (length == 0) {
                at = behind < 0 ? position + 1 : behind;
                return name.toString();
            }
            if ((length & 0xc0) == 0xc0) {
                int to = number(position) & 0x3fff;
                if (to >= lowest || ++pointers > POINTERS_MAX) {
                    // Only backwards, so that it ends, and soon.
                    throw new IndexOutOfBoundsException("a pointer leads forwards, or they are too many");
                }
                behind = behind < 0 ? position + 2 : behind;
                lowest = to;
                position = to;
                continue;
            }
            if ((length & 0xc0) != 0
                    || name.length() + length > NAME_BYTES_MAX
                    || position + 1 + length > bytes.length) {
                throw new IndexOutOfBoundsException("no name");
            }
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(bytes, position + 1, length, StandardCharsets.UTF_8));
            position += 1 + length;
        }
    }

    /** {@return names that instances of a service have} */
    List<String> instances(String service) {
        String wanted = (service + ".local").toLowerCase(Locale.ROOT);
        return answers.stream()
                .filter(answer -> answer.type() == PTR
                        && answer.name().toLowerCase(Locale.ROOT).equals(wanted))
                .flatMap(answer -> nameAt(answer.from()).stream())
                .filter(name -> name.length() > wanted.length() + 1
                        && name.toLowerCase(Locale.ROOT).endsWith("." + wanted))
                .distinct()
                .toList();
    }

    private Optional<String> nameAt(int position) {
        try {
            at = position;
            return Optional.of(name());
        } catch (IndexOutOfBoundsException none) {
            return Optional.empty();
        }
    }

    /** {@return the port of an instance} */
    Optional<Integer> port(String instance) {
        return of(instance, SRV)
                .filter(answer -> answer.length() >= 7)
                .map(answer -> number(answer.from() + 4))
                .filter(port -> port > 0);
    }

    /** {@return what an instance tells by key, in lower case (RFC 6763 6)} */
    Map<String, String> texts(String instance) {
        Map<String, String> texts = new LinkedHashMap<>();
        of(instance, TXT).ifPresent(answer -> {
            int end = answer.from() + answer.length();
            int position = answer.from();
            while (position < end && texts.size() < TEXTS_MAX) {
                int length = Math.min(bytes[position] & 0xff, end - position - 1);
                String text = new String(bytes, position + 1, length, StandardCharsets.UTF_8);
                int equals = text.indexOf('=');
                if (equals > 0) {
                    texts.putIfAbsent(text.substring(0, equals).toLowerCase(Locale.ROOT), text.substring(equals + 1));
                }
                position += 1 + length;
            }
        });
        return texts;
    }

    private Optional<Answer> of(String instance, int type) {
        return answers.stream()
                .filter(answer -> answer.type() == type && answer.name().equalsIgnoreCase(instance))
                .findFirst();
    }
}
