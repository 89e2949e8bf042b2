// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.driver.kit.http.DeviceHttp;

/** The fields of an object of JSON: each is taken by its name, and where it stands is told when it cannot be used. */
final class QuirkFields {
    private static final int DEPTH_MAX = 8;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** A field that cannot be used. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        /** @param field where it stands: {@code quirks[2].topics[0].kind} */
        Wrong(String field, String how) {
            super(field + " " + how);
        }
    }

    private final String path;
    private final Map<String, Object> left;

    private QuirkFields(String path, Map<String, Object> fields) {
        this.path = path;
        this.left = fields;
    }

    static QuirkFields read(byte[] json) throws Wrong {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Wrong("the document", "is no object of JSON");
            }
            Map<String, Object> fields = object(parser, 0);
            if (parser.nextToken() != null) {
                throw new Wrong("the document", "goes on behind its object");
            }
            return new QuirkFields("", fields);
        } catch (JsonProcessingException noJson) {
            throw new Wrong(
                    "the document",
                    "is no JSON: " + DeviceHttp.words(noJson.getOriginalMessage()) + " (line "
                            + noJson.getLocation().getLineNr() + ")");
        } catch (IOException noText) {
            throw new Wrong("the document", "cannot be read: " + DeviceHttp.words(String.valueOf(noText.getMessage())));
        }
    }

    private static Map<String, Object> object(JsonParser parser, int depth) throws IOException, Wrong {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser, depth + 1));
        }
        return fields;
    }

    private static Object value(JsonParser parser, int depth) throws IOException, Wrong {
        if (depth > DEPTH_MAX) {
            throw new Wrong("the document", "is nested deeper than " + DEPTH_MAX);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, depth);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, depth + 1));
                }
                yield list;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            case VALUE_STRING -> parser.getText();
            default -> JsonToken.VALUE_NULL;
        };
    }

    String path() {
        return path;
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** {@return a text that must be there} @param expected what it should be, for people */
    String text(String name, String pattern, String expected) throws Wrong {
        if (!left.containsKey(name)) {
            throw new Wrong(path(name), "is missing: " + expected);
        }
        return textOr(name, "", pattern, expected);
    }

    String textOr(String name, String otherwise, String pattern, String expected) throws Wrong {
        Object value = left.containsKey(name) ? left.remove(name) : otherwise;
        if (!(value instanceof String text) || !text.equals(otherwise) && !text.matches(pattern)) {
            throw new Wrong(path(name), "is not " + expected);
        }
        return text;
    }

    int number(String name, int min, int max, int otherwise) throws Wrong {
        if (!left.containsKey(name)) {
            return otherwise;
        }
        if (left.remove(name) instanceof java.math.BigInteger number
                && number.bitLength() < Integer.SIZE
                && number.intValue() >= min
                && number.intValue() <= max) {
            return number.intValue();
        }
        throw new Wrong(path(name), "is not a whole number " + min + ".." + max);
    }

    boolean flag(String name, boolean otherwise) throws Wrong {
        Object value = left.containsKey(name) ? left.remove(name) : otherwise;
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new Wrong(path(name), "is neither true nor false");
    }

    /** {@return the objects of a list; none where it is not there and need not be} */
    List<QuirkFields> objects(String name, int min, int max) throws Wrong {
        Object value = left.containsKey(name) ? left.remove(name) : List.of();
        if (!(value instanceof List<?> list) || list.size() < min || list.size() > max) {
            throw new Wrong(path(name), "is not a list of " + min + ".." + max + " objects");
        }
        List<QuirkFields> objects = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String at = path(name) + "[" + i + "]";
            if (!(list.get(i) instanceof Map<?, ?> map)) {
                throw new Wrong(at, "is no object");
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((key, field) -> fields.put(key.toString(), field));
            objects.add(new QuirkFields(at, fields));
        }
        return objects;
    }

    /** Whoever wrote something that nobody takes meant something. */
    void requireNoMore() throws Wrong {
        if (!left.isEmpty()) {
            throw new Wrong(
                    path(DeviceHttp.words(left.keySet().iterator().next())), "is not known here; is it spelt rightly?");
        }
    }
}
