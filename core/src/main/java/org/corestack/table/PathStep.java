package org.corestack.table;

import org.corestack.document.FieldPath;

/** One step on the way to a field, as the user gave it. */
sealed interface PathStep {
    /**
     * By a getter of the type reached so far.
     *
     * @param owner the name of the class that the getter was named with
     * @param method the getter's name
     */
    record ByAccessor(String owner, String method) implements PathStep {
        /** With the simple name of the class; of a local one without the number that the compiler put before it. */
        @Override
        public String toString() {
            int start = Math.max(owner.lastIndexOf('.'), owner.lastIndexOf('$')) + 1;
            while (start < owner.length() - 1 && Character.isDigit(owner.charAt(start))) {
                start++;
            }
            return owner.substring(start) + "::" + method;
        }
    }

    /**
     * By name, whether the type has it or not.
     *
     * @param path the name or names as they stand in documents
     * @param type the class of the values there, a primitive's wrapper
     */
    record ByName(FieldPath path, Class<?> type) implements PathStep {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** The first step where a way does not begin at the entry. */
    enum From implements PathStep {
        /** It begins at the entry's key. */
        KEY("key()"),
        /** It begins at the item of a list that a filter looks at. */
        ITEM("item");

        private final String label;

        From(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }
}
