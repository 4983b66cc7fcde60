@NullMarked
package dev.linnet.apiserver.store;

import org.jspecify.annotations.NullMarked;
