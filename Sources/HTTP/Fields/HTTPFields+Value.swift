// Reading one field of a section, as nearly every field is read.

public import HTTPTypes

extension HTTPFields {
  /// The value of a field, with commas between the values of several lines of that name, as RFC 9110 §5.2 combines them; nil
  /// where there is none.
  ///
  /// The library's subscript is the same by hashing the name and joining a list, also where there is one line.
  public func value(of name: HTTPField.Name) -> String? {
    var value: String?
    for field in self where field.name == name {
      if value != nil { return self[name] }
      value = field.value
    }
    return value
  }

  /// The values of the lines of that name, in order.
  public func values(of name: HTTPField.Name) -> [String] {
    var values: [String] = []
    for field in self where field.name == name { values.append(field.value) }
    return values
  }
}
