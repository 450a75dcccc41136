# cmake -DOUT=<file.S> "-DMANIFESTS=<assets.txt>;…" -P tools/embed_assets.cmake Writes an assembler file that holds
# every file of the manifests (.incbin) and a table of them, in the layout that src/http/assets.cpp reads. A manifest
# line is: path on the server <TAB> content type <TAB> file, relative to the manifest. file.br and file.gz, when they
# are there, become the compressed representations.
cmake_minimum_required(VERSION 3.25)

set(data "")
set(table "")
set(count 0)
set(seen "")

# Appends a string and sets <out> to its table entry (address, length).
function(add_string label text out)
  string(LENGTH "${text}" length)  # ASCII only, checked below
  set(data "${data}${label}: .ascii \"${text}\"\n" PARENT_SCOPE)
  set(${out} "  .quad ${label}, ${length}\n" PARENT_SCOPE)
endfunction()

foreach(manifest IN LISTS MANIFESTS)
  get_filename_component(folder ${manifest} DIRECTORY)
  file(STRINGS ${manifest} lines ENCODING UTF-8)
  foreach(line IN LISTS lines)
    if(NOT line MATCHES "^(/[-A-Za-z0-9_./~]*)\t([-A-Za-z0-9/+.]+|[-A-Za-z0-9/+.]+; *charset=[-A-Za-z0-9]+)\t([^\t]+)$")
      message(FATAL_ERROR "${manifest}: this line is not path<TAB>content-type<TAB>file: ${line}")
    endif()
    set(path ${CMAKE_MATCH_1})
    set(type "${CMAKE_MATCH_2}")
    set(file "${folder}/${CMAKE_MATCH_3}")
    if(path IN_LIST seen)
      message(FATAL_ERROR "${manifest}: ${path} is listed twice")
    endif()
    list(APPEND seen ${path})
    file(SHA256 "${file}" hash)
    file(SIZE "${file}" plain_size)
    string(SUBSTRING ${hash} 0 32 tag)
    add_string(.Lpath${count} "${path}" entry)
    string(APPEND table "${entry}")
    add_string(.Ltype${count} "${type}" entry)
    string(APPEND table "${entry}")
    foreach(encoding "" br gz)
      set(label .Lbytes${count}${encoding})
      set(source "${file}")
      set(etag "\\\"${tag}\\\"")
      if(encoding)
        set(source "${file}.${encoding}")
        set(etag "\\\"${tag}-${encoding}\\\"")
      endif()
      set(size 0)
      if(EXISTS "${source}")
        file(SIZE "${source}" size)
      endif()
      if(NOT EXISTS "${source}" OR (encoding AND NOT size LESS plain_size))
        string(APPEND table "  .quad 0, 0\n  .quad 0, 0\n")
        continue()
      endif()
      string(APPEND data "${label}: .incbin \"${source}\"\n")
      string(APPEND table "  .quad ${label}, ${size}\n")
      math(EXPR etag_size "34")
      if(encoding)
        math(EXPR etag_size "37")
      endif()
      string(APPEND data "${label}etag: .ascii \"${etag}\"\n")
      string(APPEND table "  .quad ${label}etag, ${etag_size}\n")
    endforeach()
    math(EXPR count "${count} + 1")
  endforeach()
endforeach()

set(text "// Written by tools/embed_assets.cmake: do not edit.
.section .rodata
${data}
.section .data.rel.ro,\"aw\"
.balign 8
.globl answerable_asset_table
answerable_asset_table:
${table}
.section .rodata
.balign 8
.globl answerable_asset_count
answerable_asset_count: .quad ${count}
.section .note.GNU-stack,\"\",%progbits
")
file(WRITE "${OUT}" "${text}")
