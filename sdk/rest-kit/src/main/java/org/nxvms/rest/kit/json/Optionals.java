// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/** Optionals without jackson-datatype-jdk8, which the distribution does not carry. Absent and null are both empty. */
final class Optionals {
    private Optionals() {}

    static void addPrimitives(SimpleModule module) {
        module.addSerializer(new PrimitiveWriter<>(OptionalInt.class, OptionalInt::isEmpty, OptionalInt::getAsInt));
        module.addSerializer(new PrimitiveWriter<>(OptionalLong.class, OptionalLong::isEmpty, OptionalLong::getAsLong));
        module.addSerializer(
                new PrimitiveWriter<>(OptionalDouble.class, OptionalDouble::isEmpty, OptionalDouble::getAsDouble));
        module.addDeserializer(
                OptionalInt.class,
                new PrimitiveReader<>(OptionalInt.class, OptionalInt.empty(), Integer.class, OptionalInt::of));
        module.addDeserializer(
                OptionalLong.class,
                new PrimitiveReader<>(OptionalLong.class, OptionalLong.empty(), Long.class, OptionalLong::of));
        module.addDeserializer(
                OptionalDouble.class,
                new PrimitiveReader<>(OptionalDouble.class, OptionalDouble.empty(), Double.class, OptionalDouble::of));
    }

    static final class Writer extends StdSerializer<Optional<?>> {
        private static final long serialVersionUID = 1L;

        Writer() {
            super(Optional.class, false);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Optional<?> value) {
            return value == null || value.isEmpty();
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), out);
        }
    }

    static final class Reader extends StdDeserializer<Optional<?>> implements ContextualDeserializer {
        private static final long serialVersionUID = 1L;

        private final JavaType content;

        Reader() {
            this(null);
        }

        private Reader(JavaType content) {
            super(Optional.class);
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new Reader(context.getContextualType().containedTypeOrUnknown(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Optional.ofNullable(context.readValue(in, content));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    private static final class PrimitiveWriter<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Predicate<T> empty;
        private final transient Function<T, Object> get;

        PrimitiveWriter(Class<T> type, Predicate<T> empty, Function<T, Object> get) {
            super(type);
            this.empty = empty;
            this.get = get;
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, T value) {
            return value == null || empty.test(value);
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(empty.test(value) ? null : get.apply(value), out);
        }
    }

    private static final class PrimitiveReader<T, V> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient T none;
        private final Class<V> content;
        private final transient Function<V, T> of;

        PrimitiveReader(Class<T> type, T none, Class<V> content, Function<V, T> of) {
            super(type);
            this.none = none;
            this.content = content;
            this.of = of;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return of.apply(context.readValue(in, content));
        }

        @Override
        public T getNullValue(DeserializationContext context) {
            return none;
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return none;
        }
    }
}
