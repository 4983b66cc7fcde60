/** What the server adds to objects on their way in: addresses, classes, the ends of namespaces. */
@NullMarked
package dev.linnet.apiserver.admission;

import org.jspecify.annotations.NullMarked;
