# answerable_assets(target): puts web/dist and widget/dist, as built by npm, into the target. Where they are absent (a
# build of the C++ only) the table is empty and the server says so on its pages. script/build builds them first.
function(answerable_assets target)
  file(GLOB manifests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/dist/assets.txt
       ${CMAKE_SOURCE_DIR}/widget/dist/assets.txt)
  set(source ${CMAKE_BINARY_DIR}/assets.S)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUT=${source} "-DMANIFESTS=${manifests}" -P ${CMAKE_SOURCE_DIR}/tools/embed_assets.cmake
    DEPENDS ${manifests} ${CMAKE_SOURCE_DIR}/tools/embed_assets.cmake
    COMMENT "Embedding the web assets"
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()
