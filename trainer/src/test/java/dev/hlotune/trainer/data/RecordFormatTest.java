package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kind of record comes of which columns. */
class RecordFormatTest {
  private static final Origin ORIGIN = new Origin(Path.of("a.jsonl"), 7);

  private static SourceRecord parse(String json) {
    return parse(RecordColumns.AUTOMATIC, json);
  }

  /** With single quotes for double ones. */
  private static SourceRecord parse(RecordColumns columns, String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new RecordParser(columns).parse(RawRecord.json(bytes, ORIGIN));
  }

  private static SourceRecord conversation(Message... messages) {
    return new SourceRecord.Conversation(List.of(messages), ORIGIN);
  }

  private static SourceRecord turns(String user, String assistant) {
    return conversation(Message.of("user", user), Message.of("assistant", assistant));
  }

  @Test
  void instructionsBecomeTwoTurns() {
    assertEquals(turns("do", "done"), parse("{'instruction':'do','response':'done'}"));
    assertEquals(
        turns("do\n\nthis", "done"), parse("{'instruction':'do','input':'this','output':'done'}"));
    assertEquals(
        turns("do\n\nhere", "done"),
        parse("{'instruction':'do','context':'here','response':'done','category':'x'}"));
    assertEquals(turns("do", "done"), parse("{'instruction':'do','input':' ','output':'done'}"));
    assertEquals(
        turns("do", "done"), parse("{'instruction':'do','context':null,'response':'done'}"));
  }

  @Test
  void theNamedColumnMayHoldMessages() {
    RecordColumns chat = RecordColumns.text("chat");
    assertEquals(
        turns("do", "done"),
        parse(
            chat,
            "{'chat':[{'role':'user','content':'do'},{'role':'assistant','content':'done'}],"
                + "'text':'other'}"));
    assertEquals(new SourceRecord.PlainText("a", ORIGIN), parse(chat, "{'chat':'a','text':'b'}"));
    // As in TRL, where it is 'text' unless it is said otherwise.
    assertEquals(
        turns("do", "done"),
        parse(RecordColumns.text("text"), "{'instruction':'do','response':'done'}"));
    DataException missing = assertThrows(DataException.class, () -> parse(chat, "{'body':'a'}"));
    assertEquals(
        "a.jsonl:7: field \"chat\": expected this column (dataset_text_field), got \"body\"",
        missing.getMessage());
  }

  @Test
  void whatWasSaidBeforeAnInstructionComesFirst() {
    assertEquals(
        conversation(
            Message.of("system", "be brief"),
            Message.of("user", "a"),
            Message.of("assistant", "b"),
            Message.of("user", "c"),
            Message.of("assistant", "d")),
        parse(
            "{'instruction':'c','input':'','output':'d','system':'be"
                + " brief','history':[['a','b']]}"));
  }

  @Test
  void questionsBecomeTwoTurns() {
    assertEquals(turns("1+1?", "2"), parse("{'question':'1+1?','answer':'2'}"));
  }

  @Test
  void promptsAndTextsStayPlain() {
    assertEquals(
        new SourceRecord.PromptCompletion("a", "b", ORIGIN),
        parse("{'prompt':'a','completion':'b','text':'c'}"));
    assertEquals(new SourceRecord.PlainText("c", ORIGIN), parse("{'text':'c'}"));
    assertEquals(
        new SourceRecord.PlainText("c", ORIGIN),
        parse(RecordColumns.text("body"), "{'body':'c','text':'d','messages':1}"));
  }

  @Test
  void onlyTheCompletionOfConversationalPromptsIsLearned() {
    assertEquals(
        conversation(
            Message.of("assistant", "hello").weighing(0),
            Message.of("user", "hi").weighing(0),
            Message.of("assistant", "yes?")),
        parse(
            "{'prompt':[{'role':'assistant','content':'hello'},{'role':'user','content':'hi'}],"
                + "'completion':[{'role':'assistant','content':'yes?'}]}"));
  }

  @Test
  void messagesMaySayWhatTheyWeigh() {
    assertEquals(
        conversation(
            Message.of("assistant", "a").weighing(0),
            Message.of("user", "b").weighing(0.5f),
            Message.of("assistant", "c")),
        parse(
            "{'messages':[{'role':'assistant','content':'a','train':false},"
                + "{'role':'user','content':'b','weight':0.5},"
                + "{'role':'assistant','content':'c','name':null}]}"));
  }

  @Test
  void templatesSeeToolsAndWhateverElseAMessageHas() {
    SourceRecord.Conversation read =
        (SourceRecord.Conversation)
            parse(
                "{'tools':'[{\\'name\\': \\'add\\'}]','messages':[{'role':'assistant',"
                    + "'content':null,'tool_calls':[{'id':1,'arguments':{'x':1.5}}]},"
                    + "{'role':'tool','content':[{'type':'text','text':'3'}]}]}");
    assertEquals(Map.of("tools", List.of(Map.of("name", "add"))), read.variables());
    assertEquals(
        Map.of(
            "role",
            "assistant",
            "tool_calls",
            List.of(Map.of("id", 1L, "arguments", Map.of("x", 1.5)))),
        read.messages().getFirst().fields());
    assertEquals(
        List.of(Map.of("type", "text", "text", "3")),
        read.messages().getLast().fields().get("content"));
  }

  @Test
  void speakersOfShareGptGetTheirRoles() {
    assertEquals(
        conversation(
            Message.of("system", "s"),
            Message.of("user", "a"),
            Message.of("assistant", "b"),
            Message.of("tool", "c"),
            Message.of("assistant", "d").weighing(2)),
        parse(
            "{'system':'s','conversations':[{'from':'human','value':'a'},{'from':'gpt','value':'b'},"
                + "{'from':'observation','value':'c'},{'from':'gpt','value':'d','weight':2}]}"));
  }

  @Test
  void whatWasChosenIsLearned() {
    assertEquals(
        conversation(
            Message.of("user", "Hi: you"),
            Message.of("assistant", "Hello"),
            Message.of("user", "Bye"),
            Message.of("assistant", "")),
        parse(
            "{'chosen':'\\n\\nHuman: Hi: you\\n\\nAssistant: Hello\\n\\nHuman: Bye\\n\\nAssistant:',"
                + "'rejected':'no'}"));
    assertEquals(
        new SourceRecord.PromptCompletion("a", "b", ORIGIN), parse("{'prompt':'a','chosen':'b'}"));
    assertEquals(
        conversation(Message.of("user", "a").weighing(0), Message.of("assistant", "b")),
        parse(
            "{'prompt':[{'role':'user','content':'a'}],"
                + "'chosen':[{'role':'assistant','content':'b'}]}"));
  }

  @Test
  void theBestPathOfATreeIsTheConversation() {
    SourceRecord best =
        conversation(
            Message.of("user", "q"),
            Message.of("assistant", "good"),
            Message.of("user", "more"),
            Message.of("assistant", "last"));
    assertEquals(
        best,
        parse(
            "{'message_tree_id':'t','prompt':{'text':'q','role':'prompter','replies':["
                + "{'text':'bad','role':'assistant','rank':1,'replies':[]},"
                + "{'text':'good','role':'assistant','rank':0,'replies':["
                + "{'text':'gone','role':'prompter','deleted':true,'replies':[]},"
                + "{'text':'more','role':'prompter','replies':["
                + "{'text':'last','role':'assistant','replies':["
                + "{'text':'unanswered','role':'prompter','replies':[]}]}]}]}]}}"));
    assertEquals(
        best,
        parse(
            "{'message_tree_id':'t','rows':["
                + "{'message_id':'1','parent_id':null,'text':'q','role':'prompter'},"
                + "{'message_id':'2','parent_id':'1','text':'bad','role':'assistant','rank':1.0},"
                + "{'message_id':'3','parent_id':'1','text':'good','role':'assistant','rank':0.0},"
                + "{'message_id':'4','parent_id':'3','text':'more','role':'prompter'},"
                + "{'message_id':'5','parent_id':'4','text':'last','role':'assistant'}]}"));
  }

  private static Example tokens(String json) {
    return ((SourceRecord.Tokens) parse(json)).example();
  }

  @Test
  void tokensSayThemselvesWhatIsLearned() {
    assertArrayEquals(new int[] {5, 6, 7}, tokens("{'input_ids':[5,6,7]}").ids());
    assertArrayEquals(new float[] {0, 1, 1}, tokens("{'input_ids':[5,6,7]}").weights());
    assertArrayEquals(
        new float[] {0, 0, 1},
        tokens("{'input_ids':[5,6,7],'labels':[-100,-100,7],'attention_mask':[1,1,1]}").weights());
    assertArrayEquals(
        new float[] {0, -0.5f, 2}, tokens("{'input_ids':[5,6,7],'weights':[1,-0.5,2]}").weights());
    assertArrayEquals(
        new float[] {0, 0, 1}, tokens("{'input_ids':[5,6,7],'completion_mask':[0,0,1]}").weights());
  }

  @Test
  void columnsMayHaveOtherNames() {
    RecordColumns columns =
        new RecordColumns(
            Optional.of(RecordFormat.QUESTION_ANSWER),
            Optional.empty(),
            Map.of("question", "q", "answer", "a"));
    assertEquals(turns("1+1?", "2"), parse(columns, "{'q':'1+1?','a':'2','messages':3}"));
    DataException missing =
        assertThrows(DataException.class, () -> parse(columns, "{'q':'1+1?','answer':'2'}"));
    assertEquals("a.jsonl:7: field \"a\": expected a string, got nothing", missing.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"input_ids": []}                  | field "input_ids": expected at least one token id, got none
          {"input_ids": [1, -1]}             | field "input_ids": expected token ids from 0, got -1 at 1
          {"input_ids": "a"}                 | field "input_ids": expected a list of numbers, got string
          {"input_ids": [1, 2], "labels": [1]} | field "labels": expected 2 values, one for each token, got 1
          {"input_ids": [1, 2], "labels": [1, 3]} | field "labels": expected the id at the same place or -100, got 3 for 2 at 1
          {"input_ids": [1, 2], "weights": [1, "x"]} | field "weights": expected finite numbers, got "x" at 1
          {"input_ids": [1, 0], "attention_mask": [1, 0]} | field "attention_mask": expected tokens without padding, got 0 at 1; leave padding out, it is added to each batch
          {"conversations": [{"from": "alien", "value": "a"}]} | field "conversations[0].from": expected "system", "human", "gpt" or "tool", got "alien"
          {"conversations": [{"from": "gpt"}]} | field "conversations[0].value": expected a string, got nothing
          {"chosen": "no turns"}             | field "chosen": expected a text that begins with two new lines and "Human:" or "Assistant:", a list of messages, or a "prompt" beside it, got none of these; read it as plain text with dataset_text_field
          {"messages": [{"role": "user", "content": "a"}], "tools": "{"} | field "tools": expected JSON in a string, got Unexpected end-of-input: expected close marker for Object (start marker at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1])
          {"messages": [{"role": "user", "content": "a"}], "tools": {"a": 1}} | field "tools": expected a list, or its JSON in a string, got object
          {"message_tree_id": "t", "prompt": {"text": "q", "role": "prompter"}} | field "message_tree_id": expected an answer of the assistant in the tree, got none
          {"message_tree_id": "t", "prompt": {"text": "q", "role": "robot"}} | field "role": expected "prompter" or "assistant", got "robot"
          {"message_tree_id": "t", "message_id": "1", "parent_id": null, "text": "q", "role": "prompter"} | field "message_tree_id": expected the rows of a tree together, got one row alone
          {"instruction": "a", "output": "b", "history": [["a"]]} | field "history": expected pairs of what was asked and answered, got ["a"]
          """)
  void whatIsWrongIsNamed(String record, String message) {
    DataException refused =
        assertThrows(
            DataException.class,
            () ->
                new RecordParser(RecordColumns.AUTOMATIC)
                    .parse(RawRecord.json(record.getBytes(StandardCharsets.UTF_8), ORIGIN)));
    assertEquals("a.jsonl:7: " + message, refused.getMessage());
  }
}
